package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxWord is how long a word is at most, in bytes; what comes after is not
	// told apart.
	maxWord = 64
	// MaxWords is how many words of a text are seen. PostgreSQL knows the places
	// of no more.
	MaxWords = 16_000
)

// A word is one word of a text and where it stands there, in bytes.
type word struct {
	text       string
	start, end int
}

// Words returns the words of text, in order.
func Words(text string) []string {
	var words []string
	each(text, func(w word) bool {
		words = append(words, w.text)
		return len(words) < MaxWords
	})
	return words
}

// Joined returns the words of text with a space between, for databases that cut
// texts apart at spaces.
func Joined(text string) string {
	var b strings.Builder
	n := 0
	each(text, func(w word) bool {
		if n > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
		n++
		return n < MaxWords
	})
	return b.String()
}

// each calls f with the words of text until it returns false.
func each(text string, f func(word) bool) {
	s := scanner{text: text, yield: f}
	for i := 0; i < len(text) && !s.stopped; {
		if c := text[i]; c < utf8.RuneSelf {
			s.ascii(c, i)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		s.rune(r, i, i+size)
		i += size
	}
	s.finish()
}

// A scanner cuts a text into words.
type scanner struct {
	text       string
	yield      func(word) bool
	stopped    bool
	buf        [maxWord + 32]byte
	n          int // bytes of buf
	start, end int
	single     bool // the word is one character of a script without spaces
}

func (s *scanner) ascii(c byte, at int) {
	switch {
	case 'A' <= c && c <= 'Z':
		c += 'a' - 'A'
	case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
	default:
		s.finish()
		return
	}
	if s.single {
		s.finish()
	}
	s.begin(at)
	s.end = at + 1
	if s.n < maxWord {
		s.buf[s.n] = c
		s.n++
	}
}

func (s *scanner) rune(r rune, at, end int) {
	switch {
	case r == utf8.RuneError, !unicode.In(r, unicode.L, unicode.N, unicode.M):
		s.finish()
		return
	case unicode.Is(unicode.M, r):
		if s.n > 0 { // it belongs to the letter before it
			s.end = end
			s.add(r)
		}
		return
	}
	alone := spaceless(r)
	if s.single || alone {
		s.finish()
	}
	s.begin(at)
	s.end, s.single = end, alone
	s.add(r)
}

func (s *scanner) begin(at int) {
	if s.n == 0 {
		s.start = at
	}
}

// add adds what r is without accents and case.
func (s *scanner) add(r rune) {
	if r < utf8.RuneSelf {
		s.put(unicode.ToLower(r))
		return
	}
	var encoded [utf8.UTFMax]byte
	n := utf8.EncodeRune(encoded[:], r)
	parts := norm.NFKD.Append(make([]byte, 0, 32), encoded[:n]...)
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		if accent(part) || !unicode.In(part, unicode.L, unicode.N, unicode.M) {
			continue
		}
		part = unicode.ToLower(part)
		if plain := plainly(part); plain != "" {
			for _, p := range plain {
				s.put(p)
			}
			continue
		}
		s.put(part)
	}
}

func (s *scanner) put(r rune) {
	if s.n+utf8.RuneLen(r) <= maxWord {
		s.n += utf8.EncodeRune(s.buf[s.n:], r)
	}
}

// finish ends the word, if there is one.
func (s *scanner) finish() {
	if s.n > 0 && !s.stopped {
		s.stopped = !s.yield(word{string(s.buf[:s.n]), s.start, s.end})
	}
	s.n, s.single = 0, false
}

// accent reports whether a mark is left out: the accents of European scripts,
// and the vowel signs of Hebrew and Arabic, which most people do not write.
func accent(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F, r >= 0x1AB0 && r <= 0x1AFF, r >= 0x1DC0 && r <= 0x1DFF:
		return true
	case r >= 0x0591 && r <= 0x05C7, r >= 0x064B && r <= 0x065F, r == 0x0670:
		return unicode.Is(unicode.M, r)
	}
	return false
}

// plainly is how letters are written plainly that are no others with an accent;
// empty for the rest.
func plainly(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'þ':
		return "th"
	case 'ς':
		return "σ"
	}
	return ""
}

// spaceless reports whether r is of a script that is written without spaces.
func spaceless(r rune) bool {
	if r < 0x0E00 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r == 'ー' || r == 'ｰ'
}
