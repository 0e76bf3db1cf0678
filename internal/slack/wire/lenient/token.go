package lenient

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// literal passes over true, false or null.
func (r *Reader) literal(word string) {
	if !strings.HasPrefix(r.s[r.i:], word) {
		r.fail("an unknown word")
		return
	}
	r.i += len(word)
}

// number passes over the number that begins here and returns it as written.
func (r *Reader) number() string {
	start := r.i
	i := start
	if i < len(r.s) && r.s[i] == '-' {
		i++
	}
	whole := i
	i = r.digitsEnd(i)
	if i == whole || (r.s[whole] == '0' && i-whole > 1) {
		r.fail("no value that JSON knows")
		return ""
	}
	if i < len(r.s) && r.s[i] == '.' {
		fraction := i + 1
		if i = r.digitsEnd(fraction); i == fraction {
			r.fail("a number without its fraction")
			return ""
		}
	}
	if i < len(r.s) && (r.s[i] == 'e' || r.s[i] == 'E') {
		exponent := i + 1
		if exponent < len(r.s) && (r.s[exponent] == '+' || r.s[exponent] == '-') {
			exponent++
		}
		if i = r.digitsEnd(exponent); i == exponent {
			r.fail("a number without its exponent")
			return ""
		}
	}
	r.i = i
	return r.s[start:i]
}

// digitsEnd returns the first place from i on that is no digit.
func (r *Reader) digitsEnd(i int) int {
	for i < len(r.s) && r.s[i]-'0' <= 9 {
		i++
	}
	return i
}

// Text passes over the string that begins here and returns what it says, as
// valid UTF-8.
func (r *Reader) Text() string {
	start := r.i + 1
	seen := byte(0)
	for i := start; i < len(r.s); i++ {
		c := r.s[i]
		if c == '"' {
			r.i = i + 1
			return validUTF8(r.s[start:i], seen)
		}
		if c == '\\' {
			return r.escapedText(start)
		}
		if c < ' ' {
			r.i = i
			r.fail("a control character in text")
			return ""
		}
		seen |= c
	}
	r.fail("text without its end")
	return ""
}

// validUTF8 returns s, with every byte that is not UTF-8 replaced. seen has
// all bits that occur in s: plain ASCII, the usual case, needs no look.
func validUTF8(s string, seen byte) string {
	if seen < utf8.RuneSelf || utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// escapedText finishes text for a string with escapes, from its first byte.
func (r *Reader) escapedText(start int) string {
	end := r.textEnd(start)
	if r.err != nil {
		return ""
	}
	inside := r.s[start:end]
	r.i = end + 1
	out := make([]byte, 0, len(inside))
	for i := 0; i < len(inside); {
		c := inside[i]
		if c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		i++
		if inside[i] != 'u' {
			out = append(out, unescaped(inside[i]))
			i++
			continue
		}
		char := hex4(inside[i+1:])
		i += 5
		if utf16.IsSurrogate(char) {
			pair := rune(utf8.RuneError)
			if strings.HasPrefix(inside[i:], `\u`) {
				pair = utf16.DecodeRune(char, hex4(inside[i+2:]))
			}
			if char = pair; pair != utf8.RuneError {
				i += 6
			}
		}
		if char == 0 {
			// PostgreSQL takes no NUL in text, and one must not poison an event.
			char = utf8.RuneError
		}
		out = utf8.AppendRune(out, char)
	}
	return validUTF8(string(out), utf8.RuneSelf)
}

// skipText passes over the string that begins here.
func (r *Reader) skipText() {
	if end := r.textEnd(r.i + 1); r.err == nil {
		r.i = end + 1
	}
}

// textEnd returns the place of the closing quote of a string whose first byte
// is at i, having checked its escapes.
func (r *Reader) textEnd(i int) int {
	for i < len(r.s) {
		c := r.s[i]
		switch {
		case c == '"':
			return i
		case c < ' ':
			r.i = i
			r.fail("a control character in text")
			return 0
		case c != '\\':
			i++
			continue
		}
		if i+1 >= len(r.s) {
			break
		}
		if r.s[i+1] == 'u' {
			if hex4(r.s[i+2:]) < 0 {
				r.i = i
				r.fail("an unknown escape")
				return 0
			}
			i += 6
			continue
		}
		if unescaped(r.s[i+1]) == 0 {
			r.i = i
			r.fail("an unknown escape")
			return 0
		}
		i += 2
	}
	r.fail("text without its end")
	return 0
}

// unescaped returns what a one-letter escape stands for, 0 for none.
func unescaped(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// hex4 returns the value of the four hexadecimal digits that s begins with,
// -1 if it does not.
func hex4(s string) rune {
	if len(s) < 4 {
		return -1
	}
	v := rune(0)
	for i := range 4 {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | rune(c-'A'+10)
		default:
			return -1
		}
	}
	return v
}
