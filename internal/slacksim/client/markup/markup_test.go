package markup

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type names struct{}

func (names) Person(id string) (shown, handle string, ok bool) {
	switch id {
	case "U1":
		return "Alice & Co", "alice", true
	case "U2":
		return "Bob", "bob", true
	}
	return "", "", false
}

func (names) Channel(id string) (name, page string, ok bool) {
	if id == "C1" {
		return "ops", "/client/T1/alice/C1", true
	}
	return "", "", false
}

func (names) Emoji(name string) (picture, address string, ok bool) {
	address, ok = map[string]string{"blobby": "http://slack.test/emoji/T1/blobby/1.png"}[name]
	return "", address, ok
}

func (names) Group(id string) (handle string, mine, ok bool) {
	switch id {
	case "S1":
		return "oncall", false, true
	case "S2":
		return "platform", true, true
	}
	return "", false, false
}

func (names) Page(url string) string {
	if url == "http://slack.example/archives/C1/p1" {
		return "/client/T1/alice/C1"
	}
	return ""
}

func writer() Writer { return Writer{Names: names{}, Viewer: "U1", Zone: time.UTC} }

const foreign = ` target="_blank" rel="noopener noreferrer nofollow"`

func TestMrkdwn(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "hello", "hello"},
		{"lines", "a\nb", "a<br/>b"},
		{"escaped", "1 &lt; 2 &amp;&amp; x &gt; y", "1 &lt; 2 &amp;&amp; x &gt; y"},
		{"never unescaped twice", "&amp;lt;b&amp;gt;", "&amp;lt;b&amp;gt;"},
		{"raw markup", `<script>alert("1")</script>`, `&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;`},
		{"bold", "a *b c* d", "a <strong>b c</strong> d"},
		{"nested", "*a _b_ c*", "<strong>a <em>b</em> c</strong>"},
		{"strike", "~gone~", "<del>gone</del>"},
		{"punctuation around", "(*b*), _i_.", "(<strong>b</strong>), <em>i</em>."},
		{"not in words", "snake_case_name 2*3*4", "snake_case_name 2*3*4"},
		{"not around spaces", "* a * b *", "* a * b *"},
		{"not across lines", "*a\nb*", "*a<br/>b*"},
		{"unclosed", "*a", "*a"},
		{"code", "see `a*b* <@U1>`", "see <code>a*b* @U1</code>"},
		{"code hides styles", "*a `b*` c*", "<strong>a <code>b*</code> c</strong>"},
		{"fence", "x\n```\n*a*\n&lt;b&gt;\n```\ny", "x<pre>*a*\n&lt;b&gt;</pre>y"},
		{"fence unclosed", "```a", "```a"},
		{"quote", "&gt; a\n&gt; *b*\nc", "<blockquote>a<br/><strong>b</strong></blockquote>c"},
		{"quote the rest", "&gt;&gt;&gt; a\nb", "<blockquote>a<br/>b</blockquote>"},
		{"me", "<@U1>", `<span class="mention mention-me" data-user="U1">@Alice &amp; Co</span>`},
		{"other", "<@U2|x>", `<span class="mention" data-user="U2">@Bob</span>`},
		{"unknown person", "<@U9|nine>", `<span class="mention" data-user="U9">@nine</span>`},
		{"channel", "<#C1|old>", `<a class="mention" data-nav="true" href="/client/T1/alice/C1">#ops</a>`},
		{"unseen channel", "<#C9|>", `<span class="mention">#private-channel</span>`},
		{"broadcast", "<!here>", `<span class="mention mention-me">@here</span>`},
		{"group", "<!subteam^S1>", `<span class="mention" data-group="S1">@oncall</span>`},
		{"my group", "<!subteam^S2>", `<span class="mention mention-me" data-group="S2">@platform</span>`},
		{"unknown group", "<!subteam^S3|@night>", `<span class="mention" data-group="S3">@night</span>`},
		{"unknown special", "<!tune^1|sound>", "sound"},
		{"link", "<https://a.example/?a=1&amp;b=2|read *me*>", `<a href="https://a.example/?a=1&amp;b=2"` + foreign + `>read *me*</a>`},
		{"mail", "<mailto:a@b.example>", `<a href="mailto:a@b.example"` + foreign + `>a@b.example</a>`},
		{"bare address", "see https://a.example/x.", `see <a href="https://a.example/x"` + foreign + `>https://a.example/x</a>.`},
		{"permalink", "<http://slack.example/archives/C1/p1|there>", `<a data-nav="true" href="/client/T1/alice/C1">there</a>`},
		{"script link", "<javascript:alert(1)|click>", "click"},
		{"data link", "<data:text/html,x>", "&lt;data:text/html,x&gt;"},
		{"date", "<!date^1392734382^{date_num} {time}|then>", "2014-02-18 14:39"},
		{"bad date", "<!date^x^{date}|then>", "then"},
		{"one of their own", "a :blobby:", `a <img class="emoji own" src="http://slack.test/emoji/T1/blobby/1.png" alt=":blobby:" title=":blobby:"/>`},
		{"emoji", ":tada: :nope:", `<span class="emoji" role="img" aria-label="tada" title=":tada:">🎉</span> :nope:`},
		{"skin", ":+1::skin-tone-2:!", `<span class="emoji" role="img" aria-label="+1::skin-tone-2" title=":+1::skin-tone-2:">👍🏻</span>!`},
		{"time is no emoji", "at 10:30:15", "at 10:30:15"},
		{"control", "a\x00b\u0007", "a�b�"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := string(writer().Mrkdwn(tt.in))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Mrkdwn(%q) (-want +got):\n%s", tt.in, diff)
			}
			checkSafe(t, got)
		})
	}
}

func TestRichText(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"section", `[{"type":"rich_text_section","elements":[{"type":"text","text":"a<b> "},{"type":"text","text":"c","style":{"bold":true,"italic":true}}]}]`,
			`<div class="rich-section">a&lt;b&gt; <strong><em>c</em></strong></div>`},
		{"lines", `[{"type":"rich_text_section","elements":[{"type":"text","text":"a\nb"}]}]`, `<div class="rich-section">a<br/>b</div>`},
		{"list", `[{"type":"rich_text_list","style":"ordered","indent":1,"offset":2,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}]`,
			`<ol class="indent-1" start="3"><li>x</li></ol>`},
		{"pre", `[{"type":"rich_text_preformatted","elements":[{"type":"text","text":"a\n<b>"},{"type":"link","url":"https://x.example"}]}]`,
			"<pre>a\n&lt;b&gt;https://x.example</pre>"},
		{"quote", `[{"type":"rich_text_quote","elements":[{"type":"user","user_id":"U2"},{"type":"broadcast","range":"channel"}]}]`,
			`<blockquote><span class="mention" data-user="U2">@Bob</span><span class="mention mention-me">@channel</span></blockquote>`},
		{"link", `[{"type":"rich_text_section","elements":[{"type":"link","url":"javascript:x","text":"t"},{"type":"link","url":"https://x.example","text":"t"}]}]`,
			`<div class="rich-section">t<a href="https://x.example"` + foreign + `>t</a></div>`},
		{"emoji", `[{"type":"rich_text_section","elements":[{"type":"emoji","name":"zzz","unicode":"1f44d-1f3fb"},{"type":"emoji","name":"own"}]}]`,
			`<div class="rich-section"><span class="emoji" role="img" aria-label="zzz" title=":zzz:">👍🏻</span>:own:</div>`},
		{"channel and date", `[{"type":"rich_text_section","elements":[{"type":"channel","channel_id":"C1"},{"type":"date","timestamp":1392734382,"format":"{date_num}"}]}]`,
			`<div class="rich-section"><a class="mention" data-nav="true" href="/client/T1/alice/C1">#ops</a>2014-02-18</div>`},
		{"unknown", `[{"type":"rich_text_section","elements":[{"type":"hologram","fallback":"<h>"}]}]`, `<div class="rich-section">&lt;h&gt;</div>`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := string(writer().RichText(block(t, tt.in)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("RichText (-want +got):\n%s", diff)
			}
			checkSafe(t, got)
		})
	}
}

func block(t *testing.T, elements string) map[string]any {
	t.Helper()
	var list []any
	if err := json.Unmarshal([]byte(elements), &list); err != nil {
		t.Fatal(err)
	}
	return map[string]any{"type": "rich_text", "elements": list}
}

func TestPlain(t *testing.T) {
	for _, tt := range []struct {
		in    string
		emoji bool
		want  string
	}{
		{"*a* <@U1> &amp; b", true, "*a* &lt;@U1&gt; &amp; b"},
		{":x:", false, ":x:"},
		{":x:", true, `<span class="emoji" role="img" aria-label="x" title=":x:">❌</span>`},
	} {
		if got := string(writer().Plain(tt.in, tt.emoji)); got != tt.want {
			t.Errorf("Plain(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSource(t *testing.T) {
	for in, want := range map[string]string{
		"hi <@U1> &amp; <#C1|x>": "hi @alice & #ops",
		"<https://a.example>":    "https://a.example",
		"<https://a.example|a>":  "https://a.example",
		"<!here> 1 &lt; 2":       "@here 1 < 2",
		"<mailto:a@b.c|a@b.c>":   "a@b.c",
		"<@U9>":                  "<@U9>",
		"a < b":                  "a < b",
	} {
		if got := writer().Source(in); got != want {
			t.Errorf("Source(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzMrkdwn(f *testing.F) {
	for _, s := range []string{
		"*a _b ~c~_*", "<@U1|<b>> `x` ```y```", "&gt; <https://a.example|x>", `<https://a.example/"onclick=x|y>`, ":+1::skin-tone-9:",
		"<!date^1^{date}^javascript:x|f>", "&gt;&gt;&gt; *a\n&gt; b*", "\xff<#C1>\x00", "```<a|b>```",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkSafe(t, string(writer().Mrkdwn(s)))
		checkSafe(t, string(writer().Plain(s, true)))
		writer().Source(s)
	})
}

func FuzzRichText(f *testing.F) {
	f.Add(`[{"type":"rich_text_section","elements":[{"type":"text","text":"<b>","style":{"bold":true,"code":true}}]}]`)
	f.Add(`[{"type":"rich_text_list","style":"ordered","indent":99,"offset":1e99,"elements":[{"type":"rich_text_list","elements":[{"type":"link","url":"https://\"x"}]}]}]`)
	f.Add(`[{"type":"rich_text_quote","elements":[{"type":"date","timestamp":-1,"format":"{date}","url":"data:x","fallback":"<i>"},{"type":"emoji","unicode":"3c-3e"}]}]`)
	f.Fuzz(func(t *testing.T, s string) {
		var list []any
		if json.Unmarshal([]byte(s), &list) != nil {
			t.Skip("not a list")
		}
		checkSafe(t, string(writer().RichText(map[string]any{"elements": list})))
	})
}

// allowed are the elements and attributes that may come out.
var allowed = map[string]string{
	"a": "class data-nav href target rel", "span": "class data-user data-group role aria-label title", "div": "class",
	"ul": "class", "ol": "class start", "li": "", "br": "", "pre": "", "code": "", "blockquote": "",
	"strong": "", "em": "", "del": "", "u": "",
	"img": "class src alt title", // the address is the simulation's own
}

// checkSafe fails unless the HTML is well formed and made of what is allowed.
func checkSafe(t *testing.T, markup string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<root>" + markup + "</root>"))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, markup)
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local == "root" && d.InputOffset() == int64(len("<root>")) {
			if _, comment := token.(xml.Comment); comment {
				t.Fatalf("comment in %s", markup)
			}
			continue
		}
		attrs, ok := allowed[e.Name.Local]
		if !ok {
			t.Fatalf("element %s in %s", e.Name.Local, markup)
		}
		for _, a := range e.Attr {
			if !strings.Contains(" "+attrs+" ", " "+a.Name.Local+" ") {
				t.Fatalf("attribute %s of %s in %s", a.Name.Local, e.Name.Local, markup)
			}
			if a.Name.Local == "href" && !linkable(a.Value) && a.Value != "/client/T1/alice/C1" {
				t.Fatalf("link to %q in %s", a.Value, markup)
			}
		}
	}
}
