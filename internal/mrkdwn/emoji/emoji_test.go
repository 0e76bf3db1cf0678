package emoji

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	count := 0
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		for word := range strings.FieldsSeq(line) {
			names, shown, ok := strings.Cut(word, "=")
			if !ok || shown == "" || utf8.RuneCountInString(shown) > 8 || !strings.ContainsFunc(shown, func(r rune) bool { return r >= utf8.RuneSelf }) {
				t.Errorf("%q is not name=characters", word)
			}
			for name := range strings.SplitSeq(names, ",") {
				if !IsName(name) {
					t.Errorf("%q is not a name", name)
				}
				if seen[name] {
					t.Errorf("%q is there twice", name)
				}
				seen[name] = true
				if code := ":" + name + ":"; CodeLen(code) != len(code) {
					t.Errorf("%q is not read as one", code)
				}
				count++
			}
		}
	}
	if count < 1000 {
		t.Errorf("%d names", count)
	}
}

func TestText(t *testing.T) {
	for name, want := range map[string]string{
		"tada": "🎉", "+1": "👍", "thumbsup": "👍", "wave::skin-tone-3": "👋🏼", "v::skin-tone-6": "✌🏿", "man-shrugging::skin-tone-2": "🤷🏻\u200d♂️",
		"flag-at": "🇦🇹", "flag-zz": "", "us": "🇺🇸", "nope": "", "": "", "nope::skin-tone-2": "", "100": "💯",
	} {
		if got := Text(name); got != want {
			t.Errorf("Text(%q) = %q, want %q", name, got, want)
		}
	}
	if got, want := Base("wave::skin-tone-3"), "wave"; got != want {
		t.Errorf("Base = %q, want %q", got, want)
	}
}

func TestCodeLen(t *testing.T) {
	for s, want := range map[string]int{
		":a:": 3, ":a:b": 3, ":tada::tada:": 6, ":wave::skin-tone-3:": 19, ":wave::skin-tone-7:": 6, ":wave::skin-tone-3": 6, ":+1:": 4, ":100:": 5,
		":絵文字:": 11, ":": 0, "::": 0, ":a": 0, ":A:": 0, ":a b:": 0, ":30:": 0, ":_:": 0, ":http://x": 0, ":'https://x": 0, ":a-https:/": 9, ":http:": 6, ":http:/x": 6,
		":" + strings.Repeat("a", 101) + ":": 0,
	} {
		if got := CodeLen(s); got != want {
			t.Errorf("CodeLen(%q) = %d, want %d", s, got, want)
		}
	}
}
