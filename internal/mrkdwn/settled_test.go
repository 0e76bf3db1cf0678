package mrkdwn

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/mrkdwn/rich"
)

// linksOf returns where the links in Markdown lead, in order.
func linksOf(markdown string) []string {
	var out []string
	for _, b := range fromMarkdown(markdown) {
		for _, spans := range append([][]rich.Span{b.Spans}, b.Items...) {
			for _, s := range spans {
				if s.Kind == rich.LinkSpan {
					out = append(out, s.URL)
				}
			}
		}
	}
	return out
}

// checkSettled checks that Markdown becomes want in the record, that the
// record is read as itself, and that the same links are in both and in what
// the console shows of the record.
func checkSettled(t *testing.T, markdown, want string) {
	t.Helper()
	got := Canonical(markdown)
	if got != want {
		t.Errorf("Canonical(%q)\n got %q\nwant %q", markdown, got, want)
	}
	if again := Canonical(got); again != got {
		t.Errorf("Canonical(%q) is not settled\n got %q\n then %q", markdown, got, again)
	}
	links := linksOf(markdown)
	if d := cmp.Diff(links, linksOf(got)); d != "" {
		t.Errorf("%q, then %q: links (-first +again):\n%s", markdown, got, d)
	}
	shown := string(HTML(got, testResolver))
	checkHTML(t, shown)
	if n := strings.Count(shown, "<a "); n != len(links) {
		t.Errorf("%q shows %d links of %d: %s", got, n, len(links), shown)
	}
}

func TestAddressesSettle(t *testing.T) {
	for _, tt := range []struct{ name, markdown, want string }{
		// What an agent typed is a link.
		{"a word", "see https://x.y/z", "see <https://x.y/z>"},
		{"scheme in capitals", "HTTPS://X.Y", "<HTTPS://X.Y>"},
		{"after a mark of exclamation", "0!https://0", "0!<https://0>"},
		{"after punctuation", "a:https://b c@https://d e,https://f g/https://h", "a:<https://b> c@<https://d> e,<https://f> g/<https://h>"},
		{"in brackets", "(https://x.y) [https://x.y] {https://x.y}", "(<https://x.y>) \\[<https://x.y>] {<https://x.y>}"},
		{"end of a sentence", "https://x.y. https://x.y? https://x.y! https://x.y: https://x.y, https://x.y;", "<https://x.y>. <https://x.y>? <https://x.y>! <https://x.y>: <https://x.y>, <https://x.y>;"},
		{"brackets of its own", "https://x.y/a_(b) (https://x.y/a_(b))", "<https://x.y/a_(b)> (<https://x.y/a_(b)>)"},
		{"in marks", "**https://x.y** ~~https://x.y~~ *https://x.y*", "**<https://x.y>** ~~<https://x.y>~~ *<https://x.y>*"},
		{"after a mark", "**a**https://x.y", "**a**<https://x.y>"},
		{"after code", "`a`https://x.y", "`a`<https://x.y>"},
		{"after an emoji", ":tada:https://x.y", ":tada:<https://x.y>"},
		{"before an emoji", "https://x.y :tada:", "<https://x.y> :tada:"},
		{"after a colon and a quote", "a:'https://x' b:-https://x c:_https://x", "a:'<https://x>' b:-<https://x> c:\\_<https://x>"},
		{"two in one", "https://x.y/?u=https://z.w", "<https://x.y/?u=https://z.w>"},
		{"references", "https://x.y/?a&amp;b &#104;ttps://x.y https&#58;//x.y", "<https://x.y/?a&b> https\\://x.y https\\://x.y"},

		// What was not read as one is not one later.
		{"within a word", "xhttps://x.y 1http://x.y éhttp://x.y", "xhttps://x.y 1http://x.y éhttp://x.y"},
		{"no host", "http:// https://. https:///x http://*", "http:// https://. https:///x http://\\*"},
		{"escaped", `https\://x.y https:\//x.y https:/\/x.y`, `https\://x.y https\://x.y https\://x.y`},
		{"other schemes", "ftp://x.y mailto:a@b.c tel:1 www.x.y a@b.c //x.y", "ftp://x.y mailto:a@b.c tel:1 www.x.y a@b.c //x.y"},
		{"Slack's link", "<https://x.y|z> <http://x.y|>", "\\<https://x.y|z> \\<http://x.y|>"},
		{"Slack's date with a link", "<!date^1^{date}^https://x.y|f>", "\\<!date^1^{date}^https\\://x.y|f>"},
		{"label of an entity", "<#C1|https://x.y>", "\\<#C1|https\\://x.y>"},
		{"in angle brackets with a space", "<a https://x.y>", "\\<a <https://x.y>>"},
		{"code", "`https://x.y`", "`https://x.y`"},
		{"kept apart", "http&NoBreak;s://x.y https:&NoBreak;//x.y https://&NoBreak;x.y", "https\\://x.y https\\://x.y https\\://x.y"},
		{"parts of marks", "ht**tp**://x.y **http**://x.y http:**//x.y**", "ht**tp**://x.y **http**://x.y http:**//x.y**"},

		// The address of a link that nobody may follow is text.
		{"refused", "[0](0!https://0)", "0 (0!https\\://0)"},
		{"refused, alone", "[](0!https://0)", "0!https\\://0"},
		{"refused, by what is before", "[x](:https://0) [x](/https://0) [x](?u=https://0) [x](@https://0) [x](1.https://0)", "x (:https\\://0) x (/https\\://0) x (?u=https\\://0) x (@https\\://0) x (1.https\\://0)"},
		{"refused, within a word", "[x](ahttps://0)", "x (ahttps://0)"},
		{"refused script", "[x](javascript:open('https://0'))", "x (javascript:open('https\\://0'))"},
		{"refused, in capitals", "[x](!HTTP://0)", "x (!HTTP\\://0)"},
		{"refused picture", "![x](data:https://0)", "x (data:https\\://0)"},
		{"refused, with a label that is a link", "[https://x.y](javascript:1)", "<https://x.y> (javascript:1)"},
		{"refused, in bold", "**[x](!https://0)**", "**x (!https\\://0)**"},
		{"refused, in an item", "- [x](!https://0)", "- x (!https\\://0)"},
		{"refused, in a quotation", "> [](!https://0)", "> !https\\://0"},
		{"refused, before an emoji", "[](!https://0):tada:", "!https\\://0:tada:"},

		// A label that looks like an address leads where the link does.
		{"label", "[https://x.y](https://z.w)", "[https\\://x.y](https://z.w)"},
		{"label with more", "[see https://x.y](https://z.w)", "[see https\\://x.y](https://z.w)"},
		{"label that is the address", "[https://x.y](https://x.y)", "<https://x.y>"},
		{"address that is encoded", "https://x.y/{a}b", "[https\\://x.y/{a}b](https://x.y/%7Ba%7Db)"},
	} {
		t.Run(tt.name, func(t *testing.T) { checkSettled(t, tt.markdown, tt.want) })
	}
}

func TestStylesSettle(t *testing.T) {
	for _, tt := range []struct{ name, markdown, want string }{
		{"the longer style ends with the line", "*~0~0\n0*0", "*~~0~~0*\n*0*0"},
		{"the longer style begins after a line", "*~~0\n0~~0*", "~~*0*~~\n*~~0~~0*"},
		{"three styles over lines", "***~~a\nb~~c* d\ne**", "~~***a***~~\n***~~b~~c* d**\n**e**"},
	} {
		t.Run(tt.name, func(t *testing.T) { checkSettled(t, tt.markdown, tt.want) })
	}
}
