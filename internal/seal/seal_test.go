package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"caseline/internal/seal"
)

const (
	oldKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	newKey = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
)

func ring(t testing.TB, keys ...string) *seal.Ring {
	t.Helper()
	r, err := seal.Parse(strings.Join(keys, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsSealedOpensOnlyWhereItBelongs(t *testing.T) {
	r := ring(t, oldKey)
	rapid.Check(t, func(t *rapid.T) {
		secret, about := rapid.SliceOf(rapid.Byte()).Draw(t, "secret"), rapid.String().Draw(t, "about")
		sealed := r.Seal(secret, about)
		if got, err := r.Open(sealed, about); err != nil || !bytes.Equal(got, secret) {
			t.Fatalf("got %q, %v", got, err)
		}
		if len(secret) > 3 && strings.Contains(sealed, string(secret)) {
			t.Fatal("the secret can be read")
		}
		if r.Seal(secret, about) == sealed {
			t.Fatal("sealed twice, it is the same")
		}
		if other := rapid.String().Draw(t, "other"); other != about {
			if _, err := r.Open(sealed, other); !errors.Is(err, seal.ErrBroken) {
				t.Fatalf("it opens about %q: %v", other, err)
			}
		}
		// Any change of any character is noticed.
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		c := rapid.Byte().Filter(func(c byte) bool { return c != sealed[i] }).Draw(t, "changed to")
		changed := sealed[:i] + string([]byte{c}) + sealed[i+1:]
		if got, err := r.Open(changed, about); err == nil {
			t.Fatalf("%q opens as %q", changed, got)
		}
		if got, err := r.Open(sealed[:i], about); err == nil {
			t.Fatalf("cut off, it opens as %q", got)
		}
	})
}

func TestAKeyIsReplaced(t *testing.T) {
	before, during, after := ring(t, oldKey), ring(t, newKey, oldKey), ring(t, newKey)
	sealed := before.Seal([]byte("xoxb-1"), "T1")
	if before.Stale(sealed) || !during.Stale(sealed) || !during.Stale("xoxb-1") {
		t.Error("what is stale is told wrongly")
	}
	secret, err := during.Open(sealed, "T1")
	if err != nil || string(secret) != "xoxb-1" {
		t.Fatalf("during the change: got %q, %v", secret, err)
	}
	anew := during.Seal(secret, "T1")
	if during.Stale(anew) || after.Stale(anew) {
		t.Error("sealed anew, it is stale")
	}
	if got, err := after.Open(anew, "T1"); err != nil || string(got) != "xoxb-1" {
		t.Errorf("after the change: got %q, %v", got, err)
	}
	_, err = after.Open(sealed, "T1")
	if !errors.Is(err, seal.ErrUnknownKey) || !strings.Contains(err.Error(), before.IDs()[0]) {
		t.Errorf("got %v, want the id of the key that is missing", err)
	}
	if got := during.IDs(); len(got) != 2 || got[0] != after.IDs()[0] || got[1] != before.IDs()[0] {
		t.Errorf("the ids are %v", got)
	}
}

// What was sealed by an earlier release opens.
func TestTheFormStays(t *testing.T) {
	const sealed = "seal1:d245bda8:a0O6wPt+M7Ccm2e4ZLZcpxLwwpuSit7cNFjukfWorEpd+lQK/w"
	got, err := ring(t, oldKey).Open(sealed, "bot token of T1")
	if err != nil || string(got) != "xoxb-kept" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "no key"},
		{"# only words\n\n", "no key"},
		{"secret-of-mine", "key on line 1: it must be 32 bytes in base64"},
		{oldKey + "\n\n" + newKey[:40], "key on line 3: it must be 32 bytes"},
		{"# old\n" + oldKey + "\n " + oldKey, "key on line 3: it is there already"},
		{strings.Repeat("A", 43) + "=", "key on line 1: it is one byte over and over"},
		{base64.StdEncoding.EncodeToString(make([]byte, 16)), "32 bytes"},
	} {
		_, err := seal.Parse(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret-of-mine") {
			t.Errorf("%q: got %v, want %q", tt.text, err, tt.want)
		}
	}
}

func TestKeysOfTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("# since spring\n"+newKey+"\n"+oldKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(ring(t, newKey, oldKey))
	for _, environ := range [][]string{
		{"CASELINE_KEY_FILE=" + path},
		{"CASELINE_KEY=" + newKey + "," + oldKey},
		{"CASELINE_KEY=" + oldKey, "CASELINE_KEY=" + newKey + "\n" + oldKey},
	} {
		if r, err := seal.Load(environ); err != nil || fmt.Sprint(r) != want {
			t.Errorf("got %v, %v; want %s", r, err, want)
		}
	}
	if _, err := seal.Load([]string{"CASELINE_KEY_FILE="}); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("got %v", err)
	}
	for _, tt := range []struct {
		environ []string
		want    string
	}{
		{[]string{"CASELINE_KEY=" + oldKey, "CASELINE_KEY_FILE=" + path}, "both set"},
		{[]string{"CASELINE_KEY=secret-of-mine"}, "CASELINE_KEY: key on line 1"},
		{[]string{"CASELINE_KEY_FILE=/nowhere/keys"}, "CASELINE_KEY_FILE: open /nowhere/keys"},
		{[]string{"CASELINE_KEY_FILE=/dev/zero"}, "far too long"},
	} {
		if _, err := seal.Load(tt.environ); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret-of-mine") {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
}

func TestANewKeyIsAKeyAndAnotherEachTime(t *testing.T) {
	a, b := seal.NewKey(), seal.NewKey()
	if a == b || len(ring(t, a, b).IDs()) != 2 {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestARingPrintsNoKey(t *testing.T) {
	r := ring(t, oldKey)
	raw, err := base64.StdEncoding.DecodeString(oldKey)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", slog.Any("ring", r))
	for _, text := range []string{fmt.Sprint(r), fmt.Sprintf("%+v", r), fmt.Sprintf("%#v", r), fmt.Sprintf("%x", r), fmt.Sprintf("%v", struct{ R *seal.Ring }{r}), log.String()} {
		for _, part := range []string{oldKey[:8], fmt.Sprint(raw[:4])[1:8], fmt.Sprintf("%x", raw[:4])} {
			if strings.Contains(text, part) {
				t.Errorf("%q has %q of the key", text, part)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	r := ring(f, oldKey)
	f.Add(r.Seal([]byte("xoxb-1"), "T1"), "T1")
	f.Add("seal1:00000000:", "")
	f.Add("::", "T1")
	f.Fuzz(func(t *testing.T, sealed, about string) {
		secret, err := r.Open(sealed, about)
		if err != nil && !errors.Is(err, seal.ErrBroken) && !errors.Is(err, seal.ErrUnknownKey) {
			t.Errorf("got %v", err)
		}
		if err == nil && r.Stale(sealed) {
			t.Errorf("%q opens as %q and is stale", sealed, secret)
		}
	})
}
