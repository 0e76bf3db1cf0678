package compose

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func testNames() Names {
	lookup := func(m map[string]string) func(string) (string, bool) {
		return func(name string) (string, bool) { id, ok := m[name]; return id, ok }
	}
	return Names{User: lookup(map[string]string{"bob": "U1", "j.doe": "U2"}), Channel: lookup(map[string]string{"ops": "C1"})}
}

func TestTypedText(t *testing.T) {
	for in, want := range map[string]string{
		"hello":                              "hello",
		"a & b < c > d":                      "a &amp; b &lt; c &gt; d",
		"*bold* _it_ ~s~ `x<y`":              "*bold* _it_ ~s~ `x&lt;y`",
		"2*3*4 snake_case_name":              "2*3*4 snake_case_name",
		"* not bold *":                       "• not bold *",
		"hi @bob, @j.doe. @nobody":           "hi <@U1>, <@U2>. @nobody",
		"see #ops and #none":                 "see <#C1|> and #none",
		"@here now":                          "<!here> now",
		"me@bob":                             "me@bob",
		"https://a.example/x?y=1&z=2, ok":    "<https://a.example/x?y=1&amp;z=2>, ok",
		"go to example.com now":              "go to <http://example.com|example.com> now",
		"mail a@b.example please":            "mail <mailto:a@b.example|a@b.example> please",
		"nice :tada: 👍🏽 ❤️ at 10:30:45":      "nice :tada: :+1::skin-tone-4: :heart: at 10:30:45",
		"> quoted\n> twice\nplain":           "&gt; quoted\n&gt; twice\nplain",
		"- one\n- two\n  - deep\n3. x\n4. y": "• one\n• two\n    ◦ deep\n3. x\n4. y",
		"look:\n```\na < b\n  *c*\n```\nend": "look:\n```a &lt; b\n  *c*```\nend",
		"*a _b_ c*":                          "*a **_b_** c*",
		"<@U999> <!channel>":                 "&lt;@U999&gt; &lt;!channel&gt;",
		"":                                   "",
	} {
		if got, _ := Typed(in, testNames()); got != want {
			t.Errorf("Typed(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestTypedBlocks(t *testing.T) {
	_, blocks := Typed("hi *@bob* :tada:\nline `x`\n- a\n- b", testNames())
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	var want any
	if err := json.Unmarshal([]byte(`[{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[
			{"type":"text","text":"hi "},{"type":"user","user_id":"U1","style":{"bold":true}},{"type":"text","text":" "},
			{"type":"emoji","name":"tada","unicode":"1f389"},{"type":"text","text":"\nline "},{"type":"text","text":"x","style":{"code":true}}]},
		{"type":"rich_text_list","style":"bullet","indent":0,"border":0,"elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]},
			{"type":"rich_text_section","elements":[{"type":"text","text":"b"}]}]}]}]`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"a & b":                           "a &amp; b",
		"a &amp; b &lt;":                  "a &amp; b &lt;",
		"1 < 2 > 0":                       "1 &lt; 2 &gt; 0",
		"<@U12> <#C1|x> <!here>":          "<@U12> <#C1|x> <!here>",
		"<https://x.example|label>":       "<https://x.example|label>",
		"<b>no</b>":                       "&lt;b&gt;no&lt;/b&gt;",
		"go https://x.example/a?b=1&c=2.": "go <https://x.example/a?b=1&amp;c=2>.",
		"`https://x.example` <":           "`https://x.example` &lt;",
		"```a < b```":                     "```a &lt; b```",
		"ok 👍":                            "ok :+1:",
		"&#39;":                           "&amp;#39;",
	} {
		if got := Normalise(in); got != want {
			t.Errorf("Normalise(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestMentions(t *testing.T) {
	got := Mentions("invite @bob to #ops & <x> https://a.example", testNames())
	want := "invite <@U1|bob> to <#C1|ops> &amp; &lt;x&gt; <https://a.example>"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNoTokenFromNowhere checks that text without names or addresses comes out
// without tokens, and that normalising twice changes nothing more.
func TestNoTokenFromNowhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("ab*_~`<>&;!@#|: \n-1.👍\ufe0f"))).Draw(t, "s")
		text, _ := Typed(s, Names{})
		if i := strings.IndexByte(text, '<'); i >= 0 && !strings.HasPrefix(text[i:], "<!here") && !strings.HasPrefix(text[i:], "<http") {
			t.Fatalf("Typed(%q) = %q", s, text)
		}
		once := Normalise(s)
		if twice := Normalise(once); twice != once {
			t.Fatalf("Normalise(%q) = %q, again %q", s, once, twice)
		}
		if !utf8.ValidString(text) {
			t.Fatalf("Typed(%q) = %q", s, text)
		}
	})
}

func FuzzTyped(f *testing.F) {
	f.Add("*a* `b` ```c``` > d\n- e @bob #ops https://x.example :tada: 👍🏽")
	f.Fuzz(func(t *testing.T, s string) {
		Typed(s, testNames())
		Normalise(s)
		Mentions(s, testNames())
	})
}
