package rich

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinkAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.b":            "https://a.b",
		" http://a.b/c?d=e&f#g ": "http://a.b/c?d=e&f#g",
		"HTTPS://A.B":            "HTTPS://A.B",
		"mailto:a@b.c":           "mailto:a@b.c",
		"tel:+49 30":             "tel:+49%2030",
		"https://a.b/ü?<x>|\"":   "https://a.b/ü?%3Cx%3E%7C%22",
		"https://a.b/\n\x00`\\^": "https://a.b/%0A%00%60%5C%5E",
	} {
		got, ok := LinkAddress(in)
		if !ok || got != want {
			t.Errorf("LinkAddress(%q) = %q, %v; want %q", in, got, ok, want)
		}
		if again, _ := LinkAddress(got); again != got {
			t.Errorf("LinkAddress(%q) = %q, then %q", in, got, again)
		}
	}
	for _, in := range []string{"", "https://", "https:///", "http:a.b", "mailto:", "javascript:alert(1)", "data:x", "ftp://a.b", "//a.b", "/a", "a.b", "\x01https://a.b", "java\nscript:x"} {
		if got, ok := LinkAddress(in); ok {
			t.Errorf("LinkAddress(%q) = %q, want none", in, got)
		}
	}
}

func TestParseEntity(t *testing.T) {
	for in, want := range map[string]Entity{
		"@U123":                             {Kind: User, ID: "U123"},
		"@W1|a&amp;b":                       {Kind: User, ID: "W1", Label: "a&b"},
		"#C1|":                              {Kind: Channel, ID: "C1"},
		"!subteam^S1|@ops":                  {Kind: Group, ID: "S1", Label: "@ops"},
		"!everyone":                         {Kind: Broadcast, ID: "everyone"},
		"!date^-12^{date} &lt;^https://x|f": {Kind: Date, ID: "-12", Format: "{date} <", URL: "https://x", Label: "f"},
	} {
		got, ok := ParseEntity(in)
		if !ok {
			t.Errorf("ParseEntity(%q) found none", in)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("ParseEntity(%q) (-want +got):\n%s", in, d)
		}
	}
	for _, in := range []string{"", "@", "|", "|x", "@|x", "@u1", "@U 1", "@U1<", "#", "!", "!all", "!subteam^", "!date^", "!date^x^{date}", "!date^123456789012^x", "https://a.b", "b", "/div", "!--", "@U1|a\nb", "@" + strings.Repeat("U", 40)} {
		if got, ok := ParseEntity(in); ok {
			t.Errorf("ParseEntity(%q) = %+v, want none", in, got)
		}
	}
}

func TestMerge(t *testing.T) {
	in := []Span{{Text: "a"}, {Text: "b"}, {Text: "c", Style: Bold}, {Kind: LinkSpan, URL: "u"}, {Kind: LinkSpan, URL: "u"}, {Text: "d"}, {Text: "e"}, {Text: "f"}}
	want := []Span{{Text: "ab"}, {Text: "c", Style: Bold}, {Kind: LinkSpan, URL: "u"}, {Kind: LinkSpan, URL: "u"}, {Text: "def"}}
	if d := cmp.Diff(want, Merge(in)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := Merge(nil); len(got) != 0 {
		t.Errorf("Merge(nil) = %v", got)
	}
}

func TestGraphemes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"abc", "a|b|c"},
		{"e\u0301a", "e\u0301|a"},
		{"👩‍👩‍👧x", "👩‍👩‍👧|x"},
		{"👋🏽👋", "👋🏽|👋"},
		{"🇩🇪🇫🇷🇮", "🇩🇪|🇫🇷|🇮"},
		{"☺️☺️", "☺️|☺️"},
	} {
		var g Graphemes
		var b strings.Builder
		for i, r := range tt.text {
			if i > 0 && g.BreaksBefore(r) {
				b.WriteByte('|')
			}
			g.Next(r)
			b.WriteRune(r)
		}
		if b.String() != tt.want {
			t.Errorf("got %q, want %q", b.String(), tt.want)
		}
	}
	var g Graphemes
	longest, run := 0, 0
	for _, r := range "a" + strings.Repeat("\u0301", 500) {
		if g.BreaksBefore(r) {
			run = 0
		}
		run++
		longest = max(longest, run)
		g.Next(r)
	}
	if longest > longestGrapheme {
		t.Errorf("%d characters without a place to cut", longest)
	}
}

func TestCut(t *testing.T) {
	newlines := []Span{{Text: strings.Repeat("\n", 5000) + "x"}}
	for _, doc := range [][]Block{
		{{Spans: newlines}}, {{Kind: Quote, Spans: newlines}}, {{Kind: CodeBlock, Spans: newlines}}, {{Kind: List, Items: [][]Span{newlines}}},
	} {
		parts := Split(doc, 200)
		var shown strings.Builder
		for _, p := range parts {
			for _, b := range p {
				for _, spans := range append(b.Items, b.Spans) {
					if n := utf16Len(ShownText(spans)); n > 200 {
						t.Errorf("%d characters in a part", n)
					}
					shown.WriteString(strings.TrimSpace(ShownText(spans)))
				}
			}
		}
		if shown.String() != "x" {
			t.Errorf("shown %q of kind %d", shown.String(), doc[0].Kind)
		}
	}
}
