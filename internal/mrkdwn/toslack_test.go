package mrkdwn

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// elements returns the elements of a part's rich_text block.
func elements(t testing.TB, p Part) string {
	t.Helper()
	var blocks []struct{ Elements json.RawMessage }
	if err := json.Unmarshal(p.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	return string(blocks[0].Elements)
}

func TestToSlack(t *testing.T) {
	sec := func(inner ...string) string {
		return `{"type":"rich_text_section","elements":[` + strings.Join(inner, ",") + `]}`
	}
	text := func(s string) string { return `{"type":"text","text":"` + s + `"}` }
	styled := func(s, flag string) string {
		return `{"type":"text","text":"` + s + `","style":{"` + flag + `":true}}`
	}
	for _, tt := range []struct {
		name, markdown, blocks, text string
	}{
		{"plain", "hello", sec(text("hello")), "hello"},
		{"lines and paragraphs", "a\nb  \nc\\\nd\n\n\n\ne", sec(text(`a\nb\nc\nd\n\ne`)), "a\nb\nc\nd\n\ne"},
		{"styles", "**b** *i* ~~s~~ `c`", sec(styled("b", "bold"), text(" "), styled("i", "italic"), text(" "), styled("s", "strike"), text(" "), styled("c", "code")),
			"*b* _i_ ~s~ `c`"},
		{"nested styles", "***bi*** **`c`**", sec(`{"type":"text","text":"bi","style":{"bold":true,"italic":true}}`, text(" "), `{"type":"text","text":"c","style":{"bold":true,"code":true}}`),
			"*_bi_* *`c`*"},
		{"heading", "# Title *x*\ntext", sec(styled("Title ", "bold"), `{"type":"text","text":"x","style":{"bold":true,"italic":true}}`, text(`\n\ntext`)), "*Title* *_x_*\n\ntext"},
		{"escapes", `\*a\* &amp; &lt;b&gt; &#33;`, sec(text("*a* & <b> !")), "*a* &amp; &lt;b&gt; !"},
		{"mentions are text", "<!channel> <@U1> <#C1|x> <!subteam^S1> @here @channel", sec(text("<!channel> <@U1> <#C1|x> <!subteam^S1> @here @channel")),
			"&lt;!channel&gt; &lt;@U1&gt; &lt;#C1|x&gt; &lt;!subteam^S1&gt; @here @channel"},
		{"Slack's links are text", "<https://evil|x> <http://e.x|>", sec(text("<https://evil|x> <http://e.x|>")), "&lt;https://evil|x&gt; &lt;http://e.x|&gt;"},
		{"escaped once", "&lt;!channel&gt; &amp;lt;", sec(text("<!channel> &lt;")), "&lt;!channel&gt; &amp;lt;"},
		{"HTML is text", "<b>x</b> <!-- c -->\n\n<div>\n*y*\n</div>", sec(text(`<b>x</b> <!-- c -->\n\n<div>\n`), styled("y", "italic"), text(`\n</div>`)),
			"&lt;b&gt;x&lt;/b&gt; &lt;!-- c --&gt;\n\n&lt;div&gt;\n_y_\n&lt;/div&gt;"},
		{"links", "[l](https://a.b/?x=1&y=2) <https://c.d> https://e.f/g_h. [m](mailto:a@b.c) [t](tel:+49) <a@b.c>",
			sec(`{"type":"link","text":"l","url":"https://a.b/?x=1&y=2"}`, text(" "), `{"type":"link","url":"https://c.d"}`, text(" "), `{"type":"link","url":"https://e.f/g_h"}`, text(". "),
				`{"type":"link","text":"m","url":"mailto:a@b.c"}`, text(" "), `{"type":"link","text":"t","url":"tel:+49"}`, text(" "), `{"type":"link","text":"a@b.c","url":"mailto:a@b.c"}`),
			"<https://a.b/?x=1&amp;y=2|l> <https://c.d> <https://e.f/g_h>. <mailto:a@b.c|m> <tel:+49|t> <mailto:a@b.c|a@b.c>"},
		{"link with a styled label", "[a **b** `c`](https://x.y)", sec(`{"type":"link","text":"a ","url":"https://x.y"}`, `{"type":"link","text":"b ","url":"https://x.y","style":{"bold":true}}`, `{"type":"link","text":"c","url":"https://x.y","style":{"code":true}}`), "<https://x.y|a >*<https://x.y|b >*`<https://x.y|c>`"},
		{"label with an entity", "[<!channel>](https://x.y)", sec(`{"type":"link","text":"<!channel>","url":"https://x.y"}`), "<https://x.y|&lt;!channel&gt;>"},
		{"links that cannot be", "[x](javascript:alert(1)) [y](/rel) [z]() [](ftp://q) <ftp://q>", sec(text("x (javascript:alert(1)) y (/rel) z ftp://q <ftp://q>")), "x (javascript:alert(1)) y (/rel) z ftp://q &lt;ftp://q&gt;"},
		{"url that tries to end its token", `[x](<https://e.f/a|b>c>) [x](https://e.f/|<!channel>)`, sec(`{"type":"text","text":"[x](<https://e.f/a|b>c>) "}`, `{"type":"link","text":"x","url":"https://e.f/%7C%3C!channel%3E"}`),
			"[x](&lt;https://e.f/a|b&gt;c&gt;) <https://e.f/%7C%3C!channel%3E|x>"},
		{"pictures", "![alt](https://p/q.png) ![](https://p/r.png)", sec(`{"type":"link","text":"alt","url":"https://p/q.png"}`, text(" "), `{"type":"link","url":"https://p/r.png"}`), "<https://p/q.png|alt> <https://p/r.png>"},
		{"reference links", "[a][1] [1]\n\n[1]: https://x.y \"t\"", sec(`{"type":"link","text":"a","url":"https://x.y"}`, text(" "), `{"type":"link","text":"1","url":"https://x.y"}`), "<https://x.y|a> <https://x.y|1>"},
		{"emoji", ":tada: :wave::skin-tone-3: :nope: 10:30:15 `:tada:` 🎉", sec(`{"type":"emoji","name":"tada"}`, text(" "), `{"type":"emoji","name":"wave","skin_tone":3}`, text(" :nope: 10:30:15 "), styled(":tada:", "code"), text(" 🎉")),
			":tada: :wave::skin-tone-3: :nope: 10:30:15 `:tada:` 🎉"},
		{"code block", "```go\nx := \"<&>\"\n\n  y\n```", `{"type":"rich_text_preformatted","elements":[{"type":"text","text":"x := \"<&>\"\n\n  y"}]}`, "```\nx := \"&lt;&amp;&gt;\"\n\n  y\n```"},
		{"indented code", "    a\n    b", `{"type":"rich_text_preformatted","elements":[` + text(`a\nb`) + `]}`, "```\na\nb\n```"},
		{"fence in code", "````\n```\n````", `{"type":"rich_text_preformatted","elements":[` + text("```") + `]}`, "```\n`\u200b`\u200b`\n```"},
		{"empty code", "```\n```\nx", sec(text("x")), "x"},
		{"quote", "> a\n> **b**\n>\n> c\n\nd", `{"type":"rich_text_quote","elements":[` + text(`a\n`) + "," + styled("b", "bold") + "," + text(`\n\nc`) + `]},` + sec(text("d")), "&gt; a\n&gt; *b*\n&gt; \n&gt; c\nd"},
		{"two quotes", "> a\n\n> b", `{"type":"rich_text_quote","elements":[` + text("a") + `]},{"type":"rich_text_quote","elements":[` + text("b") + `]}`, "&gt; a\n&gt; b"},
		{"quote of all kinds", "> a\n> - b\n>\n> ```\n> c\n> ```", `{"type":"rich_text_quote","elements":[` + text("a") + `]},{"type":"rich_text_list","style":"bullet","border":1,"elements":[` + sec(text("b")) + `]},{"type":"rich_text_preformatted","border":1,"elements":[` + text("c") + `]}`,
			"&gt; a\n• b\n```\nc\n```"},
		{"lists", "- a\n- b\n  1. c\n  2. d\n- e", `{"type":"rich_text_list","style":"bullet","elements":[` + sec(text("a")) + "," + sec(text("b")) + `]},{"type":"rich_text_list","style":"ordered","indent":1,"offset":0,"elements":[` + sec(text("c")) + "," + sec(text("d")) + `]},{"type":"rich_text_list","style":"bullet","elements":[` + sec(text("e")) + `]}`,
			"• a\n• b\n    1. c\n    2. d\n• e"},
		{"list with code inside", "1. a\n   ```\n   x\n   ```\n2. b", `{"type":"rich_text_list","style":"ordered","offset":0,"elements":[` + sec(text("a")) + `]},{"type":"rich_text_preformatted","elements":[` + text("x") + `]},{"type":"rich_text_list","style":"ordered","offset":1,"elements":[` + sec(text("b")) + `]}`,
			"1. a\n```\nx\n```\n2. b"},
		{"list with paragraphs", "- a\n\n  b\n  > q\n\n  c", `{"type":"rich_text_list","style":"bullet","elements":[` + sec(text(`a\n\nb`)) + `]},{"type":"rich_text_quote","elements":[` + text("q") + `]},` + sec(text("c")), "• a\n\nb\n&gt; q\nc"},
		{"empty item", "-\n- b", `{"type":"rich_text_list","style":"bullet","elements":[` + sec(text(" ")) + "," + sec(text("b")) + `]}`, "• \n• b"},
		{"table", "| a | b |\n|---|--:|\n| **x** | [l](https://y.z) |", `{"type":"rich_text_preformatted","elements":[` + text(`a |               b\n--+----------------\nx | l (https://y.z)`) + `]}`, ""},
		{"rule", "a\n\n---\n\nb", sec(text(`a\n\n---\n\nb`)), "a\n\n---\n\nb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			parts := ToSlack(tt.markdown)
			if len(parts) != 1 {
				t.Fatalf("%d parts", len(parts))
			}
			checkPart(t, parts[0], DefaultLimit)
			if d := cmp.Diff("["+tt.blocks+"]", elements(t, parts[0])); d != "" {
				t.Errorf("blocks (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.text, parts[0].Text); d != "" && tt.text != "" {
				t.Errorf("text (-want +got):\n%s", d)
			}
		})
	}
}

func TestToSlackOfNothing(t *testing.T) {
	for _, md := range []string{"", " \n\t\n", "\x00", "[a]: https://b", "&NoBreak;", "```\n\n```"} {
		if parts := ToSlack(md); len(parts) != 0 {
			t.Errorf("ToSlack(%q) = %q", md, parts)
		}
	}
}

func TestLead(t *testing.T) {
	for _, tt := range []struct{ markdown, text, blocks string }{
		{"hi *x*", "*Jane &lt;3:* hi _x_", `[{"type":"rich_text_section","elements":[{"type":"text","text":"Jane <3:","style":{"bold":true}},{"type":"text","text":" hi "},{"type":"text","text":"x","style":{"italic":true}}]}]`},
		{"- a", "*Jane &lt;3:*\n• a", `[{"type":"rich_text_section","elements":[{"type":"text","text":"Jane <3:","style":{"bold":true}}]},{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]`},
	} {
		parts := ToSlackWith(tt.markdown, Options{Lead: "Jane <3:"})
		if d := cmp.Diff(tt.text, parts[0].Text); d != "" {
			t.Errorf("text (-want +got):\n%s", d)
		}
		if d := cmp.Diff(tt.blocks, elements(t, parts[0])); d != "" {
			t.Errorf("blocks (-want +got):\n%s", d)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ markdown, want string }{
		{"hello", "hello"},
		{"<@U1> <!here> <https://evil|x>", "\\<@U1> \\<!here> \\<https://evil|x>"},
		{"# T\n\n* a\n* b\n\n__b__ _i_", "**T**\n\n- a\n- b\n\n**b** *i*"},
		{"see https://x.y/z.", "see <https://x.y/z>."},
		{"| a |\n|---|\n| 1 |", "```\na\n-\n1\n```"},
		{"10. a\n11. b\n    - c", "10. a\n11. b\n    - c"},
		{"    code\n", "```\ncode\n```"},
		{"a  \nb\\\nc", "a\nb\nc"},
	} {
		got := Canonical(tt.markdown)
		if got != tt.want {
			t.Errorf("Canonical(%q)\n got %q\nwant %q", tt.markdown, got, tt.want)
		}
		if again := Canonical(got); again != got {
			t.Errorf("Canonical(%q) = %q, then %q", tt.markdown, got, again)
		}
	}
}
