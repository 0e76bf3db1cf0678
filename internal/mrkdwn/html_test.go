package mrkdwn

import (
	"strings"
	"testing"
	"time"
)

func TestHTML(t *testing.T) {
	const (
		rel = `" rel="noopener noreferrer nofollow" target="_blank">`
		fmt = "<!date^1392734382^{date_num} {time}|fallback>"
	)
	for _, tt := range []struct{ name, markdown, want string }{
		{"nothing", "", ""},
		{"plain", "hello", "<p>hello</p>"},
		{"lines and paragraphs", "a\nb\n\nc", "<p>a<br>b</p><p>c</p>"},
		{"styles", "**b** *i* ~~s~~ `c` ***x***", "<p><strong>b</strong> <em>i</em> <del>s</del> <code>c</code> <em><strong>x</strong></em></p>"},
		{"kept apart", "a&NoBreak;**(b)**&NoBreak;c", "<p>a<strong>(b)</strong>c</p>"},
		{"escapes", `\*a\* &amp; &lt;b&gt; "q" 'r' &copy;`, "<p>*a* &amp; &lt;b&gt; &#34;q&#34; &#39;r&#39; ©</p>"},
		{"spaces", "a  b\n&#32;   c", "<p>a &nbsp;b<br>&nbsp;&nbsp;&nbsp;&nbsp;c</p>"},
		{"heading", "# Title", "<p><strong>Title</strong></p>"},
		{"blocks", "> q\n> r\n\n- a\n- b\n\n3. c\n\n---\n\n```go\nx < y\n```", "<blockquote><p>q<br>r</p></blockquote><ul><li>a</li><li>b</li></ul><ol start=\"3\"><li>c</li></ol><hr><pre><code>x &lt; y</code></pre>"},
		{"nested list", "- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"},
		{"table", "|a|b|\n|-|-|\n|<|2|", "<pre><code>a | b\n--+--\n&lt; | 2</code></pre>"},
		{"links", "[l](https://a.b/?x=1&y=2 \"t\") <https://c.d> see https://e.f/g_h_(i). <a@b.c>",
			`<p><a href="https://a.b/?x=1&amp;y=2` + rel + `l</a> <a href="https://c.d` + rel + `https://c.d</a> see <a href="https://e.f/g_h_(i)` + rel + `https://e.f/g_h_(i)</a>. <a href="mailto:a@b.c` + rel + `a@b.c</a></p>`},
		{"addresses in a text", "(https://a.b) **https://c.d** \"https://e.f\" xhttps://g.h https:// [https://i.j](https://k.l)",
			`<p>(<a href="https://a.b` + rel + `https://a.b</a>) <strong><a href="https://c.d` + rel + `https://c.d</a></strong> &#34;<a href="https://e.f` + rel + `https://e.f</a>&#34; xhttps://g.h https:// <a href="https://k.l` + rel + `https://i.j</a></p>`},
		{"links nobody may follow", "[x](javascript:alert(1)) [y](/z) <javascript:x> ![p](data:x)", "<p>x (javascript:alert(1)) y (/z) &lt;javascript:x&gt; p (data:x)</p>"},
		{"address for mail that is encoded", "<a^{b}@c.d>", `<p><a href="mailto:a%5E%7Bb%7D@c.d` + rel + `a^{b}@c.d</a></p>`},
		{"picture", "![alt](https://p.q)", `<p><a href="https://p.q` + rel + `alt</a></p>`},
		{"raw HTML", "<script>alert(1)</script> <img src=x onerror=y>\n\n<div onclick=\"z\">\n", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=y&gt;</p><p>&lt;div onclick=&#34;z&#34;&gt;</p>"},
		{"mentions", "<@U1> <@U9|Zed> <@U8> <#C1> <#C9|dev> <#C8|> <!subteam^S1> <!subteam^S9|@nine> <!here> <!channel|x>",
			`<p><span class="mention">@Alice</span> <span class="mention">@Zed</span> <span class="mention">@U8</span> <span class="mention">#general</span> <span class="mention">#dev</span> <span class="mention">a channel</span> <span class="mention">@ops</span> <span class="mention">@nine</span> <span class="mention">@here</span> <span class="mention">@channel</span></p>`},
		{"a name that means harm", "<@U2>", `<p><span class="mention">@&lt;b&gt;&#34;Bob&#39;&amp;</span></p>`},
		{"a label that means harm", "<#C9|&lt;b&gt;&amp;lt;>", `<p><span class="mention">#&lt;b&gt;&amp;lt;</span></p>`},
		{"literal mention", `\<@U1> ` + "`<@U1>`", "<p>&lt;@U1&gt; <code>&lt;@U1&gt;</code></p>"},
		{"date", fmt, `<p><time datetime="2014-02-18T14:39:42Z">2014-02-18 14:39</time></p>`},
		{"date with a link", "<!date^1392734382^{date}^https://x.y/?a&amp;b|f>", `<p><a href="https://x.y/?a&amp;b` + rel + `<time datetime="2014-02-18T14:39:42Z">February 18, 2014</time></a></p>`},
		{"date in another way", "<!date^1392734382^{ago} {x}|a while &lt;ago>", `<p><time datetime="2014-02-18T14:39:42Z">a while &lt;ago</time></p>`},
		{"emoji", ":tada: :wave::skin-tone-3: :man-shrugging::skin-tone-6: :nope: 10:30:15", `<p><span class="emoji" title=":tada:">🎉</span> <span class="emoji" title=":wave::skin-tone-3:">👋🏼</span> <span class="emoji" title=":man-shrugging::skin-tone-6:">🤷🏿` + "\u200d" + `♂️</span> :nope: 10:30:15</p>`},
		{"custom emoji", ":party: :local: :bad_one:", `<p><img class="emoji" src="https://emoji.example/party.gif?a=1&amp;b=&#34;2" alt=":party:" title=":party:"> <img class="emoji" src="/emoji/local.png" alt=":local:" title=":local:"> :bad_one:</p>`},
		{"literal emoji", `\:tada: ` + "`:tada:`", "<p>:tada: <code>:tada:</code></p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := string(HTML(tt.markdown, testResolver))
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			checkHTML(t, got)
		})
	}
}

// TestHTMLOfAttacks renders what people try. That nothing gets through is
// checkHTML's to say.
func TestHTMLOfAttacks(t *testing.T) {
	for _, md := range []string{
		`[a](https://x"onmouseover="alert(1))`, `[a](<https://x" onmouseover="alert(1)>)`, "[a](https://x 'onclick=alert(1)')",
		"[a](java\nscript:alert(1))", "[a](&#106;avascript:alert(1))", `[a](\javascript:alert(1))`, "[a](JAVASCRIPT:alert(1))",
		"[a](https:javascript:alert(1))", "<https://x\"onclick=alert(1)>", "https://x/\"onclick=alert(1)//", "https://x/'><script>",
		"<@U1|<script>>", "<#C1|\"><script>alert(1)</script>>", "<!date^1^<b>|<script>>", "<!date^99999999999^{date_num}|x>", "<!date^-99999999999^{date_num}|x>",
		":\"><script>:", "```\"><script>\nx\n```", "`<script>`", "<!--", "<![CDATA[x]]>", "<?php x ?>", "</p></div><b>",
		"&lt;script&gt;", "&#60;script&#62;", "&#x3cscript", "[<script>](https://x)", "![<b>](https://x)", "[![<b>](https://x)](https://y)", "[[a](https://b)](https://c)",
		strings.Repeat(">", 5000) + "deep", strings.Repeat("- ", 2000) + "deep", strings.Repeat("[", 5000), strings.Repeat("**a ", 2000), strings.Repeat("<", 5000),
	} {
		checkHTML(t, string(HTML(md, testResolver)))
		checkHTML(t, string(HTML(Canonical(md), testResolver)))
		checkHTML(t, string(HTML(FromSlack(md, nil), testResolver)))
	}
}

func TestDatesFollowTheReader(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	for format, want := range map[string]string{
		"{date_num} {time_secs}": "2014-02-18 15:39:42",
		"{date_short}, {time}":   "Feb 18, 2014, 15:39",
		"on {date_long}":         "on Tuesday, February 18, 2014",
		"{date_slash} {":         "02/18/2014 {",
		"{unknown}":              "fb",
		"":                       "fb",
	} {
		if got := Plain("<!date^1392734382^"+format+"|fb>", Resolver{Location: berlin}); got != want {
			t.Errorf("format %q: got %q, want %q", format, got, want)
		}
	}
	if got, want := Plain("<!date^1392734382>", Resolver{Location: berlin}), "2014-02-18 15:39"; got != want {
		t.Errorf("no format: got %q, want %q", got, want)
	}
}

func TestPlain(t *testing.T) {
	for _, tt := range []struct{ markdown, want string }{
		{"", ""},
		{"a **b** *c* ~~d~~ `e*`\nf\n\ng", "a b c d e*\nf\n\ng"},
		{"# T\n\n> q\n> r\n>\n> s\n\n- a\n- b\n  1. c\n  2. d\n     e\n\n```\nx\n\n  y\n```", "T\n\n> q\n> r\n>\n> s\n\n• a\n• b\n  1. c\n  2. d\n     e\n\nx\n\n  y"},
		{"<@U1> in <#C1> with <!subteam^S1>, <!here> :tada: :party:", "@Alice in #general with @ops, @here 🎉 :party:"},
		{"[l](https://a.b) <https://c.d> https://e.f [https://g.h](https://g.h) [a@b.c](mailto:a@b.c) ![p](https://i.j)", "l (https://a.b) https://c.d https://e.f https://g.h a@b.c p (https://i.j)"},
		{`\*a\* \<@U1> &amp;lt; a&NoBreak;**(b)**`, "*a* <@U1> &lt; a(b)"},
		{"<b>x</b>", "<b>x</b>"},
		{`<https://x/"a> <a^b@c.d>`, `https://x/"a a^b@c.d`},
		{Canonical(`<https://x/"a> <a^b@c.d>`), `https://x/"a a^b@c.d`},
		{"> - a\n>   > b", "> • a\n>   > b"},
	} {
		if got := Plain(tt.markdown, testResolver); got != tt.want {
			t.Errorf("Plain(%q)\n got %q\nwant %q", tt.markdown, got, tt.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	for _, tt := range []struct {
		markdown string
		n        int
		want     string
	}{
		{"short **text**", 40, "short text"},
		{"exactly ten", 11, "exactly ten"},
		{"a\n\n- b\n- c", 40, "a • b • c"},
		{"one two three four", 12, "one two…"},
		{"one two three four", 14, "one two three…"},
		{"incomprehensibilities", 8, "incompr…"},
		{"a incomprehensibilities", 9, "a incomp…"},
		{"👩‍👩‍👧👩‍👩‍👧", 8, "👩‍👩‍👧…"},
		{"abc", 1, "…"}, {"abc", 0, ""}, {"", 5, ""}, {"  ", 5, ""},
	} {
		if got := Excerpt(tt.markdown, tt.n); got != tt.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.markdown, tt.n, got, tt.want)
		}
	}
}
