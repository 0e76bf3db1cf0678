package rich

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A scanner reads JSON once, from front to back, without building anything.
// Values of another type than asked for are skipped. Broken JSON ends the
// reading and is remembered in bad; what was read until then stands.
//
// It exists because every message passes here: decoding into structs alone
// takes longer than all that is done to a plain message now.
type scanner struct {
	src string
	pos int
	bad bool
}

func (s *scanner) fail() {
	s.bad = true
	s.pos = len(s.src)
}

// peek returns the next character that is not space, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// object calls field for each field of an object. The function must read the
// value, or skip it.
func (s *scanner) object(field func(key string)) {
	s.sequence('{', '}', func() {
		if s.peek() != '"' {
			s.fail()
			return
		}
		key := s.text()
		if s.peek() != ':' {
			s.fail()
			return
		}
		s.pos++
		field(key)
	})
}

// array calls element at each element of an array. The function must read the
// value, or skip it.
func (s *scanner) array(element func()) { s.sequence('[', ']', element) }

func (s *scanner) sequence(open, end byte, element func()) {
	if s.peek() != open {
		s.skip()
		return
	}
	s.pos++
	if s.peek() == end {
		s.pos++
		return
	}
	for !s.bad {
		element()
		switch s.peek() {
		case ',':
			s.pos++
		case end:
			s.pos++
			return
		default:
			s.fail()
		}
	}
}

// text reads a string, without copying where nothing in it is escaped.
func (s *scanner) text() string {
	if s.peek() != '"' {
		s.skip()
		return ""
	}
	start := s.pos + 1
	for i := start; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == '"':
			s.pos = i + 1
			return s.src[start:i]
		case c == '\\':
			return s.escapedText(start, i)
		case c < ' ':
			s.fail()
			return ""
		}
	}
	s.fail()
	return ""
}

// escapedText reads the string that begins at start and holds its first
// backslash at i.
func (s *scanner) escapedText(start, i int) string {
	var b strings.Builder
	for {
		b.WriteString(s.src[start:i])
		r, n := escapedRune(s.src[i:])
		if n == 0 {
			s.fail()
			return ""
		}
		b.WriteRune(r)
		start = i + n
		for i = start; i < len(s.src) && s.src[i] != '\\'; i++ {
			if s.src[i] == '"' {
				b.WriteString(s.src[start:i])
				s.pos = i + 1
				return b.String()
			}
			if s.src[i] < ' ' {
				s.fail()
				return ""
			}
		}
		if i == len(s.src) {
			s.fail()
			return ""
		}
	}
}

// escapedRune reads the escape that s begins with and returns its length,
// 0 if it is none.
func escapedRune(s string) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	if s[1] != 'u' {
		const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		k := strings.IndexByte(from, s[1])
		if k < 0 {
			return 0, 0
		}
		return rune(to[k]), 2
	}
	r, ok := hexRune(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hexRune(s[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}

// hexRune reads the \uXXXX that s begins with.
func hexRune(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}

// integer reads a number, or a number written as a string.
func (s *scanner) integer() int {
	var digits string
	if s.peek() == '"' {
		digits = s.text()
	} else {
		start := s.pos
		s.skip()
		digits = s.src[start:s.pos]
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || f != f || f < -1<<53 || f > 1<<53 {
		return 0
	}
	return int(f)
}

func (s *scanner) boolean() bool {
	yes := s.peek() == 't'
	s.skip()
	return yes
}

// skip passes over one value, however deep, without recursion.
func (s *scanner) skip() {
	for depth := 0; ; {
		switch c := s.peek(); c {
		case '{', '[':
			s.pos++
			depth++
		case '}', ']':
			s.pos++
			depth--
		case '"':
			s.text()
		case ',', ':':
			if depth == 0 {
				s.fail()
				return
			}
			s.pos++
		case 0:
			s.fail()
			return
		default:
			for s.pos < len(s.src) && strings.IndexByte(" \t\n\r,:{}[]\"", s.src[s.pos]) < 0 {
				s.pos++
			}
		}
		if depth <= 0 || s.bad {
			s.bad = s.bad || depth < 0
			return
		}
	}
}
