package desk_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"caseline/internal/desk"
)

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"build.log":                       "build.log",
		"":                                "file",
		"..":                              "file",
		"/etc/passwd":                     "passwd",
		`C:\Users\jane\photo.png`:         "photo.png",
		"../../x.sh":                      "x.sh",
		"two  words\n and more.txt":       "two words and more.txt",
		"evil\u202egnp.exe":               "evilgnp.exe",
		"nul\x00byte":                     "nulbyte",
		`a"b<c>d|e.txt`:                   "abcde.txt",
		"bad\xffutf8.txt":                 "badutf8.txt",
		"résumé — final 😀.pdf":            "résumé — final 😀.pdf",
		strings.Repeat("é", 300) + ".log": strings.Repeat("é", 98) + ".log",
		" ":                               "file",
	} {
		if got := desk.FileName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("a/b\\c\x00.txt")
	f.Add(strings.Repeat("x", 500))
	f.Fuzz(func(t *testing.T, name string) {
		got := desk.FileName(name)
		if got == "" || len(got) > desk.MaxFileName || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\x00\r\n\"") {
			t.Errorf("%q became %q", name, got)
		}
		if again := desk.FileName(got); again != got {
			t.Errorf("%q became %q, and then %q", name, got, again)
		}
	})
}
