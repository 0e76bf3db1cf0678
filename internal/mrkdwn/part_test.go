package mrkdwn

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// fataler is what the checks need of a test, of testing or of rapid.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// units counts s as Slack does.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

var (
	linkToken = regexp.MustCompile(`^<(?i:https?://|mailto:|tel:)[^<>|\s]+(\|[^<>|\n]*)?>`)
	entityRef = regexp.MustCompile(`^&(amp|lt|gt);`)
)

// checkPart checks what must hold of everything that is sent: within limits,
// well formed, and without anything that Slack would act on.
func checkPart(t fataler, p Part, limit int) {
	t.Helper()
	if n := units(p.Text); n == 0 || n > limit {
		t.Fatalf("text of %d characters, limit %d: %q", n, limit, p.Text)
	}
	if !utf8.ValidString(p.Text) || !json.Valid(p.Blocks) {
		t.Fatalf("malformed: %q %q", p.Text, p.Blocks)
	}
	for i := range len(p.Text) {
		switch rest := p.Text[i:]; {
		case p.Text[i] == '<' && !linkToken.MatchString(rest), p.Text[i] == '&' && !entityRef.MatchString(rest):
			t.Fatalf("unescaped %q in %q", rest[:min(len(rest), 20)], p.Text)
		}
	}
	fences := 0
	for line := range strings.SplitSeq(p.Text, "\n") {
		if line == "```" {
			fences++
		}
	}
	if fences%2 != 0 {
		t.Fatalf("fences are not balanced: %q", p.Text)
	}
	var blocks []map[string]any
	if err := json.Unmarshal(p.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	if len(blocks) != 1 || blocks[0]["type"] != "rich_text" {
		t.Fatalf("blocks: %s", p.Blocks)
	}
	if n := checkElements(t, blocks[0]); n == 0 || n > limit {
		t.Fatalf("rich_text of %d characters, limit %d: %s", n, limit, p.Blocks)
	}
}

// checkElements goes through an element of rich_text and returns how many
// characters it shows.
func checkElements(t fataler, e map[string]any) int {
	t.Helper()
	kind, _ := e["type"].(string)
	text, _ := e["text"].(string)
	switch kind {
	case "text", "emoji":
		name, _ := e["name"].(string)
		if text == "" && name == "" {
			t.Fatalf("nothing in %v", e)
		}
		return units(text) + units(name)
	case "link":
		url, _ := e["url"].(string)
		if !linkToken.MatchString("<" + url + ">") {
			t.Fatalf("link to %q", url)
		}
		if text == "" {
			return units(url)
		}
		return units(text)
	case "rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted":
	default:
		t.Fatalf("element %q", kind)
	}
	elements, _ := e["elements"].([]any)
	if len(elements) == 0 {
		t.Fatalf("no elements in %v", e)
	}
	sum := 0
	for _, inner := range elements {
		sum += checkElements(t, inner.(map[string]any))
	}
	return sum
}
