package mrkdwn

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
	"pgregory.net/rapid"

	"caseline/internal/mrkdwn/rich"
)

// fragments are pieces of text that Markdown, Slack or we read something into.
var fragments = []string{
	"a", "b", "word", "Zoë", "字", "“", "”", "🎉", "é", "\u200d", "\u00a0", "1", "23",
	" ", "  ", "    ", "\t", "\n", "\n\n", "\n\n\n",
	"*", "**", "***", "_", "__", "~", "~~", "`", "``", "```", "\\", "\\\\",
	"<", ">", "<@U1>", "<!here>", "<#C1|x>", "</div>", "<b>", "<https://evil|x>", "<https://x.y>", "<a@b.c>",
	"&", "&amp;", "&lt;", "&#32;", "&#x1f389;", "&NoBreak;", "&copy", "&foo;",
	"[", "]", "](", "[x](y)", "[x]: y", "(", ")", "!", "![",
	"#", "# ", "1.", "1. ", "2) ", "-", "- ", "+ ", "=", "===", "---", "- - -", "|", "|-|", "a|b", ":-:", "> ",
	":", "::", ":tada:", ":a", "b:", ":+1:", "10:30:15", ":wave::skin-tone-3:",
	"https://x.y/", "http", "://", "mailto:", "www.x.y", "@here", ".", ",", "'", "\"", "$", "^", "%",
}

func drawText(t *rapid.T, label string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 1, 8).Draw(t, label), "")
}

// A glyph is one visible character and how it is shown.
type glyph struct {
	Char  string
	Style rich.Style
	URL   string
}

// glyphs returns the visible characters of spans. Space does not count: styles
// on it cannot be seen, and Markdown moves it.
func glyphs(spans []rich.Span) []glyph {
	var out []glyph
	for _, s := range spans {
		text, url := s.Text, s.URL
		switch {
		case s.Kind == rich.EmojiSpan:
			text = ":" + text + ":"
		case s.Kind == rich.LinkSpan && text == "":
			text = s.URL
		}
		for _, r := range text {
			if !unicode.IsSpace(r) {
				out = append(out, glyph{string(r), s.Style, url})
			}
		}
	}
	return out
}

// A shape is a block without what Markdown does not keep.
type shape struct {
	Kind   rich.BlockKind
	Border bool
	Items  [][]glyph
	Order  bool
	Number int
	Indent int
}

func shapes(doc []rich.Block) []shape {
	var out []shape
	for i := range doc {
		b := &doc[i]
		if b.Kind != rich.List {
			out = append(out, shape{Kind: b.Kind, Border: b.Quoted(), Items: [][]glyph{glyphs(b.Spans)}})
			continue
		}
		for k, item := range b.Items {
			s := shape{Kind: b.Kind, Border: b.Bordered, Order: b.Ordered, Indent: b.Indent, Items: [][]glyph{glyphs(item)}}
			if b.Ordered {
				s.Number = max(b.Number, 1) + k
			}
			out = append(out, s)
		}
	}
	return out
}

func drawSpans(t *rapid.T, label string) []rich.Span {
	var spans []rich.Span
	for i := range rapid.IntRange(1, 5).Draw(t, label+" spans") {
		st := rich.Style(rapid.IntRange(0, 15).Draw(t, fmt.Sprint(label, i, " style")))
		text := drawText(t, fmt.Sprint(label, i, " text"))
		switch rapid.IntRange(0, 9).Draw(t, fmt.Sprint(label, i, " kind")) {
		case 0:
			spans = rich.AddLink(spans, "https://h.x/"+strings.Join(strings.Fields(text), ""), text, st)
		case 1:
			spans = append(spans, rich.Span{Kind: rich.EmojiSpan, Style: st &^ rich.Code, Text: "tada"})
		default:
			spans = rich.AddText(spans, rich.Clean(text), st)
		}
	}
	return spans
}

// decode returns blocks as FromSlack reads them.
func decode(t fataler, blocks json.RawMessage) []rich.Block {
	t.Helper()
	doc, ok := rich.FromBlocks(string(blocks))
	if !ok && len(doc) > 0 {
		t.Fatalf("blocks without rich_text: %s", blocks)
	}
	return doc
}

// TestEverythingTypedStaysLiteral writes a section of any text and any styles
// as Markdown and reads it back: the same characters in the same styles.
func TestEverythingTypedStaysLiteral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := drawSpans(t, "s")
		kind := rapid.SampledFrom([]rich.BlockKind{rich.Section, rich.Quote}).Draw(t, "kind")
		in := []rich.Block{{Kind: kind, Spans: spans}}
		md := FromSlack("", rich.Encode(in))
		var got []glyph
		for _, b := range fromMarkdown(md) {
			if b.Kind != kind {
				t.Fatalf("%q became a block of kind %d", md, b.Kind)
			}
			got = append(got, glyphs(b.Spans)...)
		}
		want := glyphs(spans)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("markdown %q (-typed +read):\n%s", md, d)
		}
	})
}

// TestShapesSurviveMarkdown does the same for rows of blocks of all kinds.
func TestShapesSurviveMarkdown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		md := FromSlack("", rich.Encode(drawBlocks(t)))
		first := fromMarkdown(md)
		again := fromMarkdown(writeMarkdown(first))
		if d := cmp.Diff(shapes(first), shapes(again)); d != "" {
			t.Fatalf("markdown %q, then %q (-first +again):\n%s", md, writeMarkdown(first), d)
		}
		if once, twice := writeMarkdown(first), writeMarkdown(again); once != twice {
			t.Fatalf("not settled:\n%q\n%q", once, twice)
		}
	})
}

func drawBlocks(t *rapid.T) []rich.Block {
	var doc []rich.Block
	for i := range rapid.IntRange(1, 5).Draw(t, "blocks") {
		label := fmt.Sprint("b", i)
		b := rich.Block{Kind: rich.BlockKind(rapid.IntRange(0, 3).Draw(t, label+" kind"))}
		switch b.Kind {
		case rich.List:
			b.Ordered = rapid.Bool().Draw(t, label+" ordered")
			b.Indent = rapid.IntRange(0, 3).Draw(t, label+" indent")
			b.Bordered = rapid.Bool().Draw(t, label+" bordered")
			if b.Ordered {
				b.Number = rapid.IntRange(1, 12).Draw(t, label+" number")
			}
			for k := range rapid.IntRange(1, 3).Draw(t, label+" items") {
				b.Items = append(b.Items, drawSpans(t, fmt.Sprint(label, " item", k)))
			}
		case rich.CodeBlock:
			b.Bordered = rapid.Bool().Draw(t, label+" bordered")
			b.Spans = rich.AddText(nil, rich.Clean(drawText(t, label+" code")), 0)
		default:
			b.Spans = drawSpans(t, label)
		}
		doc = append(doc, b)
	}
	return doc
}

// TestBlocksKeepTheirWords checks that what Slack shows is all there after
// FromSlack, in order.
func TestBlocksKeepTheirWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawBlocks(t)
		md := FromSlack("", rich.Encode(doc))
		var want, got strings.Builder
		for _, s := range shapes(doc) {
			for _, g := range s.Items[0] {
				want.WriteString(g.Char)
			}
		}
		for _, s := range shapes(fromMarkdown(md)) {
			for _, g := range s.Items[0] {
				got.WriteString(g.Char)
			}
		}
		if got.String() != want.String() {
			t.Fatalf("markdown %q:\n got %q\nwant %q", md, got.String(), want.String())
		}
	})
}

// entities returns the tokens that a reader of canonical Markdown finds.
func entities(markdown string) []string {
	doc, _ := parse(markdown)
	var out []string
	var walk func(ast.Node)
	walk = func(n ast.Node) {
		if e, ok := n.(*entityNode); ok {
			out = append(out, e.source)
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			walk(c)
		}
	}
	walk(doc)
	return out
}

// TestOnlyEntitiesAreEntities mixes Slack's entities with text that looks like
// them: the first are read back, the second are not.
func TestOnlyEntitiesAreEntities(t *testing.T) {
	tokens := map[string]string{
		`{"type":"user","user_id":"U1"}`:                                        "<@U1>",
		`{"type":"channel","channel_id":"C1"}`:                                  "<#C1>",
		`{"type":"usergroup","usergroup_id":"S1"}`:                              "<!subteam^S1>",
		`{"type":"broadcast","range":"channel"}`:                                "<!channel>",
		`{"type":"date","timestamp":1,"format":"{date}>","fallback":"a|b^<c>"}`: "<!date^1^{date}&gt;|a b &lt;c&gt;>",
	}
	rapid.Check(t, func(t *rapid.T) {
		var elements, want []string
		for i := range rapid.IntRange(1, 6).Draw(t, "n") {
			if rapid.Bool().Draw(t, fmt.Sprint("token", i)) {
				e := rapid.SampledFrom(keys(tokens)).Draw(t, fmt.Sprint("which", i))
				elements, want = append(elements, e), append(want, tokens[e])
				continue
			}
			text, _ := json.Marshal(drawText(t, fmt.Sprint("text", i)))
			elements = append(elements, fmt.Sprintf(`{"type":"text","text":%s}`, text))
		}
		blocks := `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[` +
			strings.Join(elements, ",") + `]}]}]`
		md := FromSlack("", json.RawMessage(blocks))
		if d := cmp.Diff(want, entities(md)); d != "" {
			t.Fatalf("markdown %q (-want +got):\n%s", md, d)
		}
	})
}

func keys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	// rapid needs the same order each time
	for i := range out {
		for j := i + 1; j < len(out); j++ {
			if out[j] < out[i] {
				out[i], out[j] = out[j], out[i]
			}
		}
	}
	return out
}
