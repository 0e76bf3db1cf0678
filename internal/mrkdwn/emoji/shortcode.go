package emoji

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	longestName = 100
	toneLen     = len(":skin-tone-2:")
)

// CodeLen returns the length of the ":name:" that s begins with, and of the
// skin tone that follows it; 0 if s begins with none. A name has a letter in
// it, so that 10:30:15 is a time, but for the few of Slack's own that have not.
func CodeLen(s string) int {
	n, letter := NameLen(s[1:])
	if n == 0 || n > longestName || len(s) < n+2 || s[n+1] != ':' {
		return 0
	}
	name := s[1 : n+1]
	if !letter && !isBareName(name) {
		return 0
	}
	if strings.HasPrefix(s[n+2:], "//") && (strings.HasSuffix(name, "http") || strings.HasSuffix(name, "https")) {
		return 0 // as in "see:https://…" and "see:'https://…'"
	}
	n += 2
	if len(s) >= n+toneLen && isTone(s[n+1:n+toneLen-1]) && s[n] == ':' && s[n+toneLen-1] == ':' {
		n += toneLen
	}
	return n
}

// MaxCodeLen is the most that CodeLen returns.
const MaxCodeLen = longestName + len("::") + toneLen

func isBareName(name string) bool {
	return name == "+1" || name == "-1" || name == "100" || name == "1234"
}

func isTone(name string) bool {
	tone, ok := strings.CutPrefix(name, "skin-tone-")
	return ok && len(tone) == 1 && '2' <= tone[0] && tone[0] <= '6'
}

// NameLen returns how far s could be the name of an emoji, and whether there
// is a letter in that.
func NameLen(s string) (n int, letter bool) {
	for n < len(s) {
		switch c := s[n]; {
		case 'a' <= c && c <= 'z':
			letter = true
			n++
		case '0' <= c && c <= '9' || c == '_' || c == '-' || c == '+' || c == '\'':
			n++
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[n:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return n, letter
			}
			letter = true
			n += size
		default:
			return n, letter
		}
	}
	return n, letter
}

// IsName reports whether name can stand between colons and be read again.
func IsName(name string) bool {
	n, letter := NameLen(name)
	return n == len(name) && n > 0 && n <= longestName && (letter || isBareName(name))
}
