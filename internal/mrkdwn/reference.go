package mrkdwn

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"

	"caseline/internal/mrkdwn/rich"
)

// readText returns what Markdown's source says: escapes and character
// references resolved, and what keeps marks apart gone.
func readText(src []byte) string {
	s := string(src)
	if strings.IndexByte(s, '\\') < 0 && strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		text, n := readUnit(s[i:])
		b.WriteString(text)
		i += n
	}
	return b.String()
}

// longestUnit is the most that readUnit reads: "&CounterClockwiseContourIntegral;"
// and what is longer is no character reference.
const longestUnit = 36

// readUnit reads one escape, one character reference or one byte.
func readUnit(s string) (text string, n int) {
	switch {
	case s[0] == '\\' && len(s) > 1 && util.IsPunct(s[1]):
		return s[1:2], 2
	case s[0] == '&':
		if strings.HasPrefix(s, apart) {
			return "", len(apart)
		}
		if n, text := characterReference(s); n > 0 {
			return text, n
		}
	}
	return s[:1], 1
}

// readReferences resolves character references only, as in "<https://…>".
func readReferences(s string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexByte(s, '&') {
		b.WriteString(s[:i])
		s = s[i:]
		n, text := characterReference(s)
		if n == 0 {
			n, text = 1, "&"
		}
		b.WriteString(text)
		s = s[n:]
	}
	b.WriteString(s)
	return b.String()
}

// characterReference reads the "&name;" or "&#1;" that s begins with and
// returns its length, 0 if it is none.
func characterReference(s string) (n int, text string) {
	end := strings.IndexByte(s[:min(len(s), longestUnit)], ';')
	if end < 2 {
		return 0, ""
	}
	name := s[1:end]
	if name[0] != '#' {
		if e, ok := util.LookUpHTML5EntityByName(name); ok {
			return end + 1, string(e.Characters)
		}
		return 0, ""
	}
	digits, base, most := name[1:], 10, 7
	if digits != "" && digits[0]|0x20 == 'x' {
		digits, base, most = digits[1:], 16, 6
	}
	if digits == "" || len(digits) > most {
		return 0, ""
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return 0, ""
	}
	if r := rune(code); r != 0 && utf8.ValidRune(r) {
		return end + 1, rich.Clean(string(r))
	}
	return end + 1, "\uFFFD"
}
