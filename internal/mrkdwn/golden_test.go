package mrkdwn

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden takes whole messages through everything: Slack's blocks to
// Markdown, that to HTML and plain text, and back to Slack.
func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no golden messages: %v", err)
	}
	for _, input := range inputs {
		blocks, err := os.ReadFile(input)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(input, ".json")
		md := FromSlack("", blocks)
		html := string(HTML(md, testResolver))
		checkHTML(t, html)
		golden(t, name+".md", md)
		golden(t, name+".html", strings.ReplaceAll(html, "><", ">\n<"))
		golden(t, name+".txt", Plain(md, testResolver))
		parts := ToSlack(md)
		if len(parts) != 1 {
			t.Fatalf("%d parts", len(parts))
		}
		checkPart(t, parts[0], DefaultLimit)
		golden(t, name+".mrkdwn", parts[0].Text)
		if d := cmp.Diff(Canonical(md), FromSlack("", parts[0].Blocks)); d != "" {
			t.Errorf("%s: after the round trip (-want +got):\n%s", name, d)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got+"\n"); d != "" {
		t.Errorf("%s (-want +got):\n%s", path, d)
	}
}
