package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/desk/signin"
	"caseline/internal/seal"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
)

func TestAKeyIsMadeAndReplaced(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const text = "data_dir: .\nslack: {client_id: \"1.2\", client_secret: 0123456789abcdef, signing_secrets: [0123456789abcdef]}\n"
	if err := os.WriteFile("caseline.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	key := func(args ...string) (out string) {
		t.Helper()
		var o, problem bytes.Buffer
		if code := run(t.Context(), append([]string{"key"}, args...), stdio{strings.NewReader(""), &o, &problem}); code != 0 {
			return "failed: " + problem.String()
		}
		return o.String()
	}
	old, fresh := strings.TrimSpace(key("new")), strings.TrimSpace(key("new"))
	before, err := seal.Parse(old)
	if err != nil || old == fresh {
		t.Fatalf("got %q and %q: %v", old, fresh, err)
	}
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: "sqlite:" + filepath.Join(dir, "caseline.db")})
	if err != nil {
		t.Fatal(err)
	}
	i := served.Installation{ID: "T1", Workspace: "T1", Name: "acme"}
	about, _ := i.ID.Of()
	i.Token = before.Seal([]byte("xoxb-1"), about)
	jane := desk.Agent{ID: "a1", Email: "jane@example.com", Name: "Jane", Role: desk.RoleAgent}
	factor := signin.Factor{Agent: "a1", Secret: before.Seal([]byte("a secret of two"), "second factor of a1")}
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.SaveInstallation(t.Context(), &i), tx.SaveAgent(t.Context(), &jane), tx.SaveFactor(t.Context(), &factor))
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	t.Setenv("CASELINE_KEY_FILE", "")
	if got := key("reseal"); !strings.Contains(got, "There is no key: set CASELINE_KEY_FILE") {
		t.Errorf("without a key: %q", got)
	}
	t.Setenv("CASELINE_KEY_FILE", filepath.Join(dir, "keys"))
	keys := func(text string) {
		t.Helper()
		if err := os.WriteFile("keys", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keys(fresh)
	if got := key("reseal"); !strings.Contains(got, "(acme) do not open") || !strings.Contains(got, "put that key back") || strings.Contains(got, fresh) {
		t.Errorf("without the old key: %q", got)
	}
	keys(fresh + "\n" + old)
	if got := key("reseal"); !strings.Contains(got, "Sealed anew: 2.") || !strings.Contains(got, "Nothing needs "+before.IDs()[0]+" any more.") {
		t.Errorf("got %q", got)
	}
	keys(fresh)
	if got := key("reseal"); !strings.Contains(got, "Sealed anew: 0.") || strings.Contains(got, "Nothing needs") {
		t.Errorf("afterwards: %q", got)
	}
	s, err = sqlstore.Open(t.Context(), sqlstore.Options{URL: "sqlite:" + filepath.Join(dir, "caseline.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // only read
	after, err := seal.Parse(fresh)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := s.Factor(t.Context(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := after.Open(kept.Secret, "second factor of a1"); err != nil || string(secret) != "a secret of two" {
		t.Errorf("the second factor: got %q, %v", secret, err)
	}
	if got := key("bend"); !strings.Contains(got, "caseline key reseal") {
		t.Errorf("got %q", got)
	}
}
