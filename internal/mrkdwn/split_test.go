package mrkdwn

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// texts returns the fallback texts of parts, after checking them.
func texts(t testing.TB, parts []Part, limit int) []string {
	t.Helper()
	var out []string
	for _, p := range parts {
		checkPart(t, p, limit)
		out = append(out, p.Text)
	}
	return out
}

func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestSplitAtTheBestBorder(t *testing.T) {
	sentence := strings.TrimSpace(strings.Repeat("word ", 25)) // 124 characters
	long := strings.Repeat("x", 350)
	for _, tt := range []struct {
		name, markdown string
		want           []string
	}{
		{"fits", sentence, []string{sentence}},
		{"between paragraphs", sentence + "\n\n" + sentence, []string{sentence, sentence}},
		{"between lines", sentence + "\n" + sentence, []string{sentence, sentence}},
		{"between words", sentence + " " + sentence, []string{
			strings.TrimSpace(strings.Repeat("word ", 40)), strings.TrimSpace(strings.Repeat("word ", 10))}},
		{"within a word", long, []string{long[:200], long[:150]}},
		{"before a word that fits by itself", "ab " + long[:199], []string{"ab", long[:199]}},
		{"a styled word", "**" + long + "**", []string{"*" + long[:198] + "*", "*" + long[:152] + "*"}},
		{"escapes count", strings.Repeat("&", 50), []string{strings.Repeat("&amp;", 40), strings.Repeat("&amp;", 10)}},
		{"between items", "- " + sentence + "\n- " + sentence, []string{"• " + sentence, "• " + sentence}},
		{"numbers go on", "1. " + sentence + "\n2. " + sentence, []string{"1. " + sentence, "2. " + sentence}},
		{"a long item", "1. " + long + "\n2. b", []string{"1. " + long[:197], long[:153] + "\n2. b"}},
		{"quote", "> " + sentence + "\n> " + sentence, []string{"&gt; " + sentence, "&gt; " + sentence}},
		{"code that fits is left whole", sentence + "\n```\n" + sentence + "\n```", []string{sentence, "```\n" + sentence + "\n```"}},
		{"code that does not", "```\n" + sentence + "\n" + sentence + "\n```", []string{"```\n" + sentence + "\n```", "```\n" + sentence + "\n```"}},
		{"a long link", "[a](https://x.y/" + long + ") b", []string{"a", "(https://x.y/" + long[:187], long[:163] + ") b"}},
		{"a long label", "[" + long + "](https://x.y)", []string{"<https://x.y|" + long[:186] + ">", "<https://x.y|" + long[:164] + ">"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, texts(t, ToSlackWith(tt.markdown, Options{Limit: 200}), 200)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestSplitKeepsCharactersWhole(t *testing.T) {
	for _, one := range []string{"👩‍👩‍👧", "🇩🇪", "👋🏽", "e\u0301", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "字"} {
		for _, before := range []string{"", "a", "ab", "abc"} {
			parts := texts(t, ToSlackWith(before+strings.Repeat(one, 300), Options{Limit: 200}), 200)
			if len(parts) < 2 {
				t.Fatalf("%q was not cut", one)
			}
			for _, p := range parts {
				if rest := strings.ReplaceAll(strings.TrimPrefix(p, before), one, ""); rest != "" {
					t.Errorf("%q was cut into %q", one, rest)
				}
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	md := strings.Repeat("word ", 100) + "\n\n- item\n\n```\n" + strings.Repeat("code\n", 60) + "```"
	parts := texts(t, ToSlackWith(md, Options{Limit: 200, Number: true}), 200)
	for i, p := range parts {
		if want := fmt.Sprintf("(%d/%d)", i+1, len(parts)); !strings.HasPrefix(p, want) {
			t.Errorf("part %q does not begin with %q", p, want)
		}
	}
	if one := ToSlackWith("short", Options{Number: true}); one[0].Text != "short" {
		t.Errorf("a single part is numbered: %q", one[0].Text)
	}
}

func TestTextOverTheLimit(t *testing.T) {
	long := strings.Repeat("Lorem ipsum dolor sit amet, & so on. ", 1200)
	parts := ToSlack(long)
	var all strings.Builder
	for _, p := range texts(t, parts, DefaultLimit) {
		if units(p) < DefaultLimit-100 && p != parts[len(parts)-1].Text {
			t.Errorf("a part of %d characters", units(p))
		}
		all.WriteString(p)
	}
	if got, want := squash(all.String()), squash(Escape(long)); got != want {
		t.Error("the parts together are not the text")
	}
}

// TestLabelIsNotCutToNothing splits links whose labels have much space at
// either end, where a link would be left with none and show its address.
func TestLabelIsNotCutToNothing(t *testing.T) {
	long := strings.Repeat("x", 150)
	for _, label := range []string{strings.Repeat(" ", 300) + "a", "a" + strings.Repeat(" ", 300), strings.Repeat(" ", 300) + long} {
		for n := range 200 {
			blocks := section(`{"type":"text","text":"`+strings.Repeat("x", n)+`"}`, `{"type":"link","url":"https://h.x","text":"`+label+`"}`)
			var got strings.Builder
			for _, p := range ToSlackWith(FromSlack("", json.RawMessage(blocks)), Options{Limit: 200}) {
				checkPart(t, p, 200)
				got.WriteString(visible(decode(t, p.Blocks)))
			}
			if want := strings.Repeat("x", n) + strings.TrimSpace(label); got.String() != want {
				t.Fatalf("got %q, want %q", got.String(), want)
			}
		}
	}
}

// TestSplitLosesNothing splits any Markdown at any limit.
func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		md := writeMarkdown(drawBlocks(t))
		for range rapid.IntRange(0, 3).Draw(t, "more") {
			md += "\n\n" + strings.Repeat(drawText(t, "again"), rapid.IntRange(1, 60).Draw(t, "times"))
		}
		limit := rapid.IntRange(400, 900).Draw(t, "limit")
		var got strings.Builder
		for _, p := range ToSlackWith(md, Options{Limit: limit}) {
			checkPart(t, p, limit)
			got.WriteString(visible(decode(t, p.Blocks)))
		}
		if want := visible(fromMarkdown(md)); got.String() != want {
			t.Fatalf("markdown %q, limit %d\n got %q\nwant %q", md, limit, got.String(), want)
		}
	})
}
