package mrkdwn

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/mrkdwn/rich"
)

// markdownSeeds are texts that an agent may type, and some that a person who
// means harm may.
var markdownSeeds = []string{
	"", "hello", "Hello **bold** *it* ~~no~~ `c<d`\nnext line\n\nnext paragraph",
	"# Head\n\ntext\n===\n\n---\n\n> quote\n> - list\n>\n> ```\n> code\n> ```\n",
	"- a\n  1. b\n\n     ```go\n     code\n     ```\n- c\n\n   para\n10) x\n- [ ] y",
	"| a | b |\n|---|--:|\n| `1\\|2` | **22** |\n", "![pic](http://p/q.png \"t\") [![x](a)](https://b)",
	"<!channel> <@U1> <#C1|x> <!subteam^S1|@g> <!date^1^{date}|x> @here @channel <https://evil|x> <https://x.y>",
	"<script>alert(1)</script><img src=x onerror=alert(1)> <b>*x*</b> <!-- c -->",
	"[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](data:text/html,x) <javascript:alert(1)> [x](https://a\"onclick=\"b)",
	"[a]: https://b \"t\"\n\n[a] [x][a]", "https://x.y/a_b_(c)*d*. (https://x.y) <a@b.c> mailto:a@b.c",
	":tada: :wave::skin-tone-3: :nope: 10:30:15 :+1:", "&lt;script&gt; &amp; &#60; &#x3c;b&#62; &NoBreak; &nbsp;",
	"***a** b* **a *b*** *a **b*** ~~a **b~~ c** `` ` `` ```x``` \\*a\\* a\\\nb  \nc", "\t\tcode\n\n    more",
	strings.Repeat("word ", 900), strings.Repeat("x", 7000), "```\n" + strings.Repeat("line of code\n", 400) + "```",
	strings.Repeat("👩‍👩‍👧", 600), strings.Repeat("&<>", 900), strings.Repeat("- item\n", 500),
	strings.Repeat("> ", 50) + "deep", strings.Repeat("- ", 50) + "deep", strings.Repeat("[", 300), strings.Repeat("*a ", 300),
}

// slackSeeds are texts as Slack writes them.
var slackSeeds = []string{
	"", "hi <@U333> and <@U1|al>", "*b* _i_ ~s~ `c` *_bi_* a*b*c __init__ **x** 2 * 3",
	"&gt; quote\n&gt; more\nplain\n&gt;&gt;&gt; all\nof it", "```code &lt;x&gt; <http://a.b>```", "`a <http://x.y|x.y> *b*` ``` unclosed",
	"<http://x.y|x.y> <https://a.b?c=1&amp;d=2> <mailto:a@b.c|a@b.c> <tel:+49> <javascript:alert(1)|x> <foo>",
	"<#C1|name> <#C1|> <#C1> <!here> <!channel|channel> <!subteam^S1|@ops> <!foo^bar|label> <!date^1392734382^{date_num} {time}^https://x.y|fb>",
	"&lt;@U1&gt; &amp;lt; &amp;amp; :tada: :thumbsup::skin-tone-3: :custom-emoji:", "• a\n1. b\n# c\n---\n[x](y)", "\x00\x01 \r\n \u2028 \xff",
}

// letters returns the letters and digits of s, in order.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// visible returns what spans and blocks show, without space.
func visible(doc []rich.Block) string {
	var b strings.Builder
	for i := range doc {
		for _, spans := range append([][]rich.Span{doc[i].Spans}, doc[i].Items...) {
			for _, g := range glyphs(spans) {
				b.WriteString(g.Char)
			}
		}
	}
	return b.String()
}

func FuzzFromSlackText(f *testing.F) {
	for _, s := range slackSeeds {
		f.Add(s)
	}
	for _, s := range fragments {
		f.Add(s + "a" + s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		md := FromSlack(text, nil)
		if !utf8.ValidString(md) {
			t.Fatalf("not UTF-8: %q", md)
		}
		if want, got := visible(rich.FromText(text)), visible(fromMarkdown(md)); got != want {
			t.Fatalf("markdown %q\n got %q\nwant %q", md, got, want)
		}
		if !strings.ContainsAny(text, "<&") {
			if want, got := letters(rich.Clean(text)), letters(visible(fromMarkdown(md))); got != want {
				t.Fatalf("markdown %q\n got %q\nwant %q", md, got, want)
			}
			if found := entities(md); len(found) > 0 {
				t.Fatalf("%q became %v", text, found)
			}
		}
		checkHTML(t, string(HTML(md, testResolver)))
	})
}

func FuzzFromSlackBlocks(f *testing.F) {
	for _, s := range blockSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, blocks string) {
		md := FromSlack("", json.RawMessage(blocks))
		if !utf8.ValidString(md) {
			t.Fatalf("not UTF-8: %q", md)
		}
		doc, _ := rich.FromBlocks(blocks)
		if want, got := visible(doc), visible(fromMarkdown(md)); got != want && md != "" {
			t.Fatalf("markdown %q\n got %q\nwant %q", md, got, want)
		}
		checkHTML(t, string(HTML(md, testResolver)))
	})
}

func FuzzToSlack(f *testing.F) {
	for i, s := range markdownSeeds {
		f.Add(s, uint16(i*97))
	}
	for _, s := range fragments {
		f.Add(s+"a"+s+"\n"+s, uint16(0))
	}
	f.Fuzz(func(t *testing.T, markdown string, limit uint16) {
		o := Options{Limit: 200 + int(limit)%4000, Number: limit%2 == 1}
		parts := ToSlackWith(markdown, o)
		var all []rich.Block
		for _, p := range parts {
			checkPart(t, p, o.Limit)
			all = append(all, decode(t, p.Blocks)...)
		}
		whole := fromMarkdown(markdown)
		if got, want := visible(all), visible(whole); got != want && !o.Number {
			t.Fatalf("parts of %q\n got %q\nwant %q", markdown, got, want)
		}
		canonical := Canonical(markdown)
		if again := Canonical(canonical); again != canonical {
			t.Fatalf("%q is not settled:\n%q\n%q", markdown, canonical, again)
		}
		one := ToSlackWith(markdown, Options{Limit: 1 << 40})
		if len(one) > 1 {
			t.Fatalf("%d parts without a limit", len(one))
		}
		for _, p := range one {
			if d := cmp.Diff(canonical, FromSlack("", p.Blocks)); d != "" {
				t.Fatalf("Slack shows another text than the record (-record +Slack):\n%s", d)
			}
		}
		if found := entities(canonical); len(found) > 0 {
			t.Fatalf("%q became %v", markdown, found)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range append(markdownSeeds, slackSeeds...) {
		f.Add(s)
	}
	for _, s := range fragments {
		f.Add(s + "a" + s)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		checkHTML(t, string(HTML(markdown, testResolver)))
		Plain(markdown, testResolver)
		if e := Excerpt(markdown, 20); utf8.RuneCountInString(e) > 20 || strings.Contains(e, "\n") {
			t.Fatalf("excerpt %q", e)
		}
		if len(entities(markdown)) == 0 {
			want := letters(Plain(Canonical(markdown), testResolver))
			if got := letters(Plain(markdown, testResolver)); got != want {
				t.Fatalf("plain %q\n got %q\nwant %q", markdown, got, want)
			}
		}
	})
}
