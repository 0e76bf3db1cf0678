package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCatalogueIsCheckedAndPrinted(t *testing.T) {
	var out, problems strings.Builder
	if code := run(t.Context(), []string{"catalogue", "default"}, stdio{nil, &out, &problems}); code != 0 {
		t.Fatalf("got %d: %s", code, &problems)
	}
	file := filepath.Join(t.TempDir(), "c.yaml")
	check := func(text string) (int, string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		return run(t.Context(), []string{"catalogue", "check", file}, stdio{nil, &said, &said}), said.String()
	}
	if code, said := check(out.String()); code != 0 || !strings.Contains(said, "2 issue types") {
		t.Errorf("the default is not right: %d, %s", code, said)
	}
	code, said := check(strings.ReplaceAll(out.String(), "4h", "soon"))
	if code != 1 || !strings.Contains(said, "c.yaml:") || !strings.Contains(said, "first_response: must be a time") {
		t.Errorf("got %d, %s", code, said)
	}
	if code, _ := check(""); code != 1 {
		t.Errorf("an empty file: got %d", code)
	}
}
