package mrkdwn

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRedline(t *testing.T) {
	tests := []struct{ name, earlier, later, was, now string }{
		{"one word", "it fails at step 3", "it stops at step 3", "<p>it <del>fails</del> at step 3</p>", "<p>it <ins>stops</ins> at step 3</p>"},
		{"words in a row are one mark", "it fails now and then", "it works", "<p>it <del>fails now and then</del></p>", "<p>it <ins>works</ins></p>"},
		{"formatting stays, and no mark crosses a tag", "it **fails here** always", "it **stops** sometimes",
			"<p>it <strong><del>fails here</del></strong> <del>always</del></p>", "<p>it <strong><ins>stops</ins></strong> <ins>sometimes</ins></p>"},
		{"only the formatting changed", "it fails", "it **fails**", "<p>it fails</p>", "<p>it <strong>fails</strong></p>"},
		{"signs stand alone", "yes", "yes!", "<p>yes</p>", "<p>yes<ins>!</ins></p>"},
		{"what HTML escapes", `a \<b> c`, `a \<d> c`, "<p>a &lt;<del>b</del>&gt; c</p>", "<p>a &lt;<ins>d</ins>&gt; c</p>"},
		{"the same", "a b", "a b", "<p>a b</p>", "<p>a b</p>"},
		{"from nothing", "", "a b", "", "<p><ins>a b</ins></p>"},
		{"no spaces between words", "漢字を書く", "漢字を読む", "<p>漢字を<del>書く</del></p>", "<p>漢字を<ins>読む</ins></p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			was, now := Redline(tt.earlier, tt.later, Resolver{})
			if diff := cmp.Diff([]string{tt.was, tt.now}, []string{string(was), string(now)}); diff != "" {
				t.Errorf("redline (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRedlineOfLongTexts(t *testing.T) {
	a, b := strings.Repeat("a b ", 3000), strings.Repeat("c d ", 3000)
	was, now := Redline("x "+a, "x "+b, Resolver{})
	if !strings.HasPrefix(string(was), "<p>x <del>a b") || !strings.HasPrefix(string(now), "<p>x <ins>c d") {
		t.Errorf("got %.40s and %.40s", was, now)
	}
}

func FuzzRedline(f *testing.F) {
	f.Add("it *fails* & <b>", "it **stops** `x`")
	f.Add("> a\n\n- b :tada:", "<@U1> [x](https://y.z)")
	f.Fuzz(func(t *testing.T, earlier, later string) {
		was, now := Redline(earlier, later, Resolver{})
		unmark := strings.NewReplacer("<ins>", "", "</ins>", "", "<del>", "", "</del>", "")
		for _, v := range []struct{ markdown, got string }{{earlier, string(was)}, {later, string(now)}} {
			if want := unmark.Replace(string(HTML(v.markdown, Resolver{}))); unmark.Replace(v.got) != want {
				t.Errorf("without marks: got %q, want %q", v.got, want)
			}
		}
		var a, b string
		for _, p := range Diff(earlier, later) {
			if p.Op != "ins" {
				a += p.Text
			}
			if p.Op != "del" {
				b += p.Text
			}
		}
		if a != earlier || b != later {
			t.Errorf("diff: got %q and %q, want %q and %q", a, b, earlier, later)
		}
	})
}
