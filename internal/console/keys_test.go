package console_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The sheet of keys has every key that does something.
func TestEveryKeyIsOnTheSheet(t *testing.T) {
	h := newHouse(t)
	fill(h)
	script, err := os.ReadFile("static/js/keys.js")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(script), "const actions = {")
	table, _, _ = strings.Cut(table, "\n};")
	if !ok {
		t.Fatal("the script has no table of keys")
	}
	shown := map[string]bool{}
	for _, key := range parsePage(t, h.signedIn("jane@example.com").get("/").body).all("#help kbd") {
		shown[key.text] = true
	}
	found := regexp.MustCompile(`(?m)^  '?([^':\s]+)'?: `).FindAllStringSubmatch(table, -1)
	if len(found) < 15 {
		t.Fatalf("found only %d keys", len(found))
	}
	for _, key := range found {
		if !shown[key[1]] {
			t.Errorf("the sheet lacks %s", key[1])
		}
	}
}
