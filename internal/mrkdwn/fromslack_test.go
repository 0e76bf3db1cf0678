package mrkdwn

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestFromSlackBlocks(t *testing.T) {
	text := func(s string) string {
		q, _ := json.Marshal(s)
		return `{"type":"text","text":` + string(q) + `}`
	}
	styled := func(s, flags string) string {
		return strings.TrimSuffix(text(s), "}") + `,"style":{` + flags + `}}`
	}
	list := func(attrs string, items ...string) string {
		for i, item := range items {
			items[i] = `{"type":"rich_text_section","elements":[` + item + `]}`
		}
		return `{"type":"rich_text_list","elements":[` + strings.Join(items, ",") + `],` + attrs + `}`
	}
	for _, tt := range []struct {
		name, blocks, want string
	}{
		{"plain", section(text("hello there")), "hello there"},
		{"addresses that Slack did not mark", section(text("https://x.y (https://x.y) xhttps://x.y"), styled("http://z", `"bold":true`)), "https\\://x.y (https\\://x.y) xhttps://x.y**http\\://z**"},
		{"lines", section(text("a\nb\n\nc\n\n\n\nd\n")), "a\nb\n\nc\n\nd"},
		{"literal marks", section(text("*a* _b_ ~c~ `d` [e](f) <b> \\")), "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\[e](f) \\<b> \\\\"},
		{"no needless escapes", section(text("snake_case a < b & c (x) 3. > y #1 - z! 10:30:15 C#")), "snake_case a < b & c (x) 3. > y #1 - z! 10:30:15 C#"},
		{"literal references", section(text("&amp; &lt; &copy; &#60; &foo; AT&T")), "&amp;amp; &amp;lt; &amp;copy; &amp;#60; &foo; AT&T"},
		{"literal blocks", section(text("# a\n> b\n- c\n+ d\n1. e\n2) f\n---\n===\n```\n| - |\n")),
			"\\# a\n\\> b\n\\- c\n\\+ d\n1\\. e\n2\\) f\n\\---\n\\===\n\\`\\`\\`\n\\| - |"},
		{"literal entities", section(text("<@U1> <!here> <#C1|x> <https://evil|x> :tada:")), "\\<@U1> \\<!here> \\<#C1|x> \\<https://evil|x> \\:tada:"},
		{"indented text", section(text("a:\n    b\n\tc\n d")), "a:\n&#32;   b\n&#9;c\nd"},
		{"styles", section(styled("b", `"bold":true`), text(" "), styled("i", `"italic":true`), text(" "), styled("s", `"strike":true`), text(" "), styled("c*", `"code":true`)),
			"**b** *i* ~~s~~ `c*`"},
		{"all styles", section(styled("x", `"bold":true,"italic":true,"strike":true,"code":true,"underline":true`)), "~~***`x`***~~"},
		{"nested styles", section(styled("a ", `"bold":true`), styled("b", `"bold":true,"italic":true`), styled(" c", `"bold":true`)), "**a *b* c**"},
		{"space around styles", section(text("a"), styled(" b ", `"bold":true`), text("c")), "a **b** c"},
		{"style in a word", section(text("a"), styled("b", `"bold":true`), text("c")), "a**b**c"},
		{"style beside punctuation", section(text("a"), styled("(b)", `"bold":true`), text("c")), "a&NoBreak;**(b)**&NoBreak;c"},
		{"style over lines", section(styled("a\nb\n\nc", `"bold":true`)), "**a**\n**b**\n\n**c**"},
		{"underline", section(styled("u", `"underline":true`)), "u"},
		{"false styles", section(styled("u", `"bold":false`)), "u"},
		{"code with backticks", section(styled("a`b``", `"code":true`)), "``` a`b`` ```"},
		{"code untouched", section(styled(`*a* <@U1> &lt; \ :tada: [x](y)`, `"code":true`)), "`*a* <@U1> &lt; \\ :tada: [x](y)`"},
		{"code beside code", section(styled("a", `"code":true`), styled("b", `"code":true,"bold":true`)), "`a`**`b`**"},
		{"entities", section(`{"type":"user","user_id":"U123"}`, text(" "), `{"type":"channel","channel_id":"C123"}`, text(" "),
			`{"type":"usergroup","usergroup_id":"S1"}`, text(" "), `{"type":"broadcast","range":"here"}`), "<@U123> <#C123> <!subteam^S1> <!here>"},
		{"styled entity", section(`{"type":"user","user_id":"W1","style":{"bold":true}}`), "**<@W1>**"},
		{"false entities", section(`{"type":"user","user_id":"x>"}`, `{"type":"broadcast","range":"all|x"}`), "x>all|x"},
		{"date", section(`{"type":"date","timestamp":1720710212,"format":"{date_num} at {time}","url":"https://x.y","fallback":"July 11"}`),
			"<!date^1720710212^{date_num} at {time}^https://x.y|July 11>"},
		{"emoji", section(text("a"), `{"type":"emoji","name":"tada","unicode":"1f389"}`, `{"type":"emoji","name":"my-own"}`), "a:tada::my-own:"},
		{"emoji with a skin tone", section(`{"type":"emoji","name":"wave","skin_tone":3,"unicode":"1f44b-1f3fc"}`), ":wave::skin-tone-3:"},
		{"emoji that only Slack knows", section(`{"type":"emoji","name":"brand_new_thing","unicode":"1f9fe-200d-2642-fe0f"}`), "🧾\u200d♂️"},
		{"emoji that looks like a scheme", section(`{"type":"emoji","name":"http"}`, text("//x "), `{"type":"emoji","name":"a-https"}`, text("//x //y")), ":http:\\//x :a-https:\\//x //y"},
		{"colon before emoji", section(text("a:b"), `{"type":"emoji","name":"tada"}`), "a\\:b:tada:"},
		{"links", section(`{"type":"link","url":"https://a.b/c?x=1&y=2"}`, text(" "), `{"type":"link","url":"https://a.b/(c)","text":"l[a]b"}`), "<https://a.b/c?x=1&y=2> [l\\[a\\]b](https://a.b/\\(c\\))"},
		{"link that shows itself", section(`{"type":"link","url":"https://a.b","text":"https://a.b"}`), "<https://a.b>"},
		{"link with spaces", section(`{"type":"link","url":"https://a.b/x y<z>|","text":"t"}`), "[t](https://a.b/x%20y%3Cz%3E%7C)"},
		{"link after an exclamation", section(text("Hey!"), `{"type":"link","url":"https://a.b","text":"x"}`), "Hey\\![x](https://a.b)"},
		{"styled link", section(`{"type":"link","url":"https://a.b","text":"x","style":{"bold":true,"code":true}}`), "**[`x`](https://a.b)**"},
		{"link nobody may follow", section(`{"type":"link","url":"javascript:alert(1)","text":"x"}`, text(" "), `{"type":"link","url":"slack://open"}`), "x (javascript:alert(1)) slack://open"},
		{"color, team, unknown", section(`{"type":"color","value":"#F405B3"}`, text(" "), `{"type":"team","team_id":"T1"}`, text(" "), `{"type":"new","text":"n"}`, text(" "), `{"type":"newer","fallback":"*f*"}`),
			"#F405B3 T1 n \\*f\\*"},
		{"lists", message(list(`"style":"bullet","indent":0`, text("a"), text("b")), list(`"style":"ordered","indent":1`, text("c\nd"), text("e")), list(`"style":"bullet","indent":0`, text("f"))),
			"- a\n- b\n  1. c\n     d\n  2. e\n- f"},
		{"numbers go on", message(list(`"style":"ordered","indent":0`, text("a")), list(`"style":"bullet","indent":1`, text("b")), list(`"style":"ordered","indent":0,"offset":1`, text("c"))),
			"1. a\n   - b\n2. c"},
		{"numbers start anew", message(list(`"style":"ordered","indent":0,"offset":4`, text("a")), list(`"style":"ordered","indent":0,"offset":0`, text("b"))),
			"5. a\n\n1) b"},
		{"list item that looks like a block", message(list(`"style":"bullet"`, text("# a"), text("1. b"), text("- c"))), "- \\# a\n- 1\\. b\n- \\- c"},
		{"empty item", message(list(`"style":"bullet"`, text(" "), text("b"))), "- &NoBreak;\n- b"},
		{"quoted list", message(`{"type":"rich_text_quote","elements":[`+text("q\n\nr")+`]}`, list(`"style":"bullet","border":1`, text("a"))), "> q\n>\n> r\n>\n> - a"},
		{"code block", message(`{"type":"rich_text_preformatted","elements":[` + text("a *b*\n\n  ```c\n") + `,{"type":"link","url":"http://x.y"}]}`), "````\na *b*\n\n  ```c\nhttp://x.y\n````"},
		{"code block with a language", message(`{"type":"rich_text_preformatted","elements":[` + text("x") + `],"language":"go"}`), "```go\nx\n```"},
		{"section, code, section", message(`{"type":"rich_text_section","elements":[`+text("a\n")+`]}`, `{"type":"rich_text_preformatted","elements":[`+text("b")+`]}`, `{"type":"rich_text_section","elements":[`+text("\nc")+`]}`),
			"a\n\n```\nb\n```\n\nc"},
		{"type after elements", `[{"elements":[{"elements":[{"text":"a","type":"text"}],"type":"rich_text_section"}],"type":"rich_text"}]`, "a"},
		{"text beside a section", message(text("a")), "a"},
		{"surrogates and escapes", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"\u00e9\ud83c\udf89\ud83c\t\"\/\\x"}]}]}]`, "é🎉\uFFFD\t\"/\\\\x"},
		{"control characters", section(text("a\x00b\rc\r\nd\x1b")), "ab\nc\nd"},
		{"other blocks", `[{"type":"header","text":{"type":"plain_text","text":"*H*"}},{"type":"section","text":{"type":"mrkdwn","text":"*x* <@U1>"}},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"y"}]}]}]`,
			"\\*H\\*\n**x** <@U1>\ny"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !json.Valid([]byte(tt.blocks)) {
				t.Fatalf("the test's blocks are not JSON: %s", tt.blocks)
			}
			if got := FromSlack("unused", json.RawMessage(tt.blocks)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestFromSlackFallsBackToText(t *testing.T) {
	for _, blocks := range []string{
		"", "null", "[]", "{}", "[{}]", `"x"`, "12", `[{"type":"rich_text"}]`, `[{"type":"rich_text","elements":[]}]`,
		`[{"type":"image","image_url":"https://x.y"}]`, `[{"type":"section","text":{"type":"mrkdwn","text":"s"}}]`,
		`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"cut`, "\x00", "[[[[[[",
		section(`{"type":"text","text":" "}`),
	} {
		if got, want := FromSlack("*t*", json.RawMessage(blocks)), "**t**"; got != want {
			t.Errorf("blocks %q: got %q, want %q", blocks, got, want)
		}
	}
}

func TestFromSlackText(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"hello", "hello"},
		{"*b* _i_ ~s~ `c`", "**b** *i* ~~s~~ `c`"},
		{"*_bi_* and *b _bi_ b*", "***bi*** and **b *bi* b**"},
		{"a*b*c snake_case_name 2 * 3 * 4", "a\\*b\\*c snake_case_name 2 \\* 3 \\* 4"},
		{"__init__ **x** * a* *a *", "\\_\\_init\\_\\_ \\*\\*x\\*\\* \\* a\\* \\*a \\*"},
		{"(*b*), *b*! \"_i_\"", "(**b**), **b**! \"*i*\""},
		{"*a\nb*", "\\*a\nb\\*"},
		{"*a _b* c_", "**a \\_b** c\\_"},
		{"*see <https://x.y|l> and `c`*", "**see [l](https://x.y) and `c`**"},
		{"`*a* <@U1> &lt;b&gt; &amp;amp; :tada:`", "`*a* <@U1> <b> &amp; :tada:`"},
		{"`<http://x.y|x.y> <http://z>`", "`x.y http://z`"},
		{"`a\nb`", "\\`a\nb\\`"},
		{"```a *b*\n<http://x.y>\n&lt;c&gt;```", "```\na *b*\nhttp://x.y\n<c>\n```"},
		{"before```code```after", "before\n\n```\ncode\n```\n\nafter"},
		{"``` never closed", "\\`\\`\\` never closed"},
		{"``````", "\\`\\`\\`\\`\\`\\`"},
		{"&gt; q *b*\n&gt;r\nplain", "> q **b**\n> r\n\nplain"},
		{"a &gt; b", "a > b"},
		{"&gt;&gt;&gt; a\nb", "> a\n> b"},
		{"<@U123> <@W1|al> <#C1> <#C1|> <#C1|gen>", "<@U123> <@W1|al> <#C1> <#C1|> <#C1|gen>"},
		{"<!here> <!channel|@channel> <!subteam^S1|@ops>", "<!here> <!channel|@channel> <!subteam^S1|@ops>"},
		{"<!date^1392734382^{date_num} {time}^https://x.y|fb>", "<!date^1392734382^{date_num} {time}^https://x.y|fb>"},
		{"<!unknown^1|*label*> <!odd>", "\\*label\\* odd"},
		{"&lt;@U1&gt; &lt;!here&gt;", "\\<@U1> \\<!here>"},
		{"&amp;lt; &amp;amp; &quot; &#60;", "&amp;lt; &amp;amp; &amp;quot; &amp;#60;"},
		{"<https://x.y/?a=1&amp;b=2> <http://x.y|x.y>", "<https://x.y/?a=1&b=2> [x.y](http://x.y)"},
		{"<mailto:a@b.c|a@b.c> <tel:+491|call>", "[a@b.c](mailto:a@b.c) [call](tel:+491)"},
		{"<javascript:alert(1)|x> <foo> < b", "x (javascript:alert(1)) \\<foo> < b"},
		{":tada: :wave::skin-tone-3: 10:30:15 :+1: a::b", ":tada: :wave::skin-tone-3: 10:30:15 :+1: a::b"},
		{"# no heading\n1. no list\n• bullet\n- dash", "\\# no heading\n1\\. no list\n• bullet\n\\- dash"},
		{"[x](https://evil) ![x](y)", "\\[x](<https://evil>) !\\[x](y)"},
		{"see https://x.y/?a=1&amp;b=2. *http://z* _http://a_b_ :tada:https://x", "see <https://x.y/?a=1&b=2>. **<http://z>** *<http://a_b>* :tada:<https://x>"},
		{"0!https://0 (https://a_(b)) https://x/{y}z", "0!<https://0> (<https://a_(b)>) [https\\://x/{y}z](https://x/%7By%7Dz)"},
		{"`https://x` xhttps://y https:// &lt;https://evil|x&gt; <foo https://x>", "`https://x` xhttps://y https:// \\<https://evil|x> foo https\\://x"},
		{"<javascript:'https://x'|y> <https://x|https://y>", "y (javascript:'https\\://x') [https\\://y](https://x)"},
		{"\xff\x00ok", "\uFFFDok"},
	} {
		if got := FromSlack(tt.text, nil); got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "<!channel> & more": "&lt;!channel&gt; &amp; more", "&lt;": "&amp;lt;",
	} {
		if got := Escape(in); got != want {
			t.Errorf("Escape(%q) = %q, want %q", in, got, want)
		}
	}
}
