package pack

import (
	"encoding/binary"
	"errors"
	"strings"
)

// A Row is a row in as few bytes as can be had cheaply.
type Row string

// Words keep the strings that many rows have, once: such a row has a number where
// the string would be. They are never more than maxWords; when there are as many,
// further ones stand in the rows. The zero value has none.
type Words struct {
	numbers map[string]int
	words   []string
}

// maxWords times the length of an id, some 30 bytes and what a map takes, are about
// half a megabyte.
const maxWords = 4096

// A common is a string that many rows have, as a field of a row.
type common struct{ *string }

// Common says that many rows have what p points to.
func Common(p *string) any { return common{p} }

// Pack packs the values that fields point to: strings, int64s and bools.
func (w *Words) Pack(fields []any) Row {
	var room [512]byte
	p := room[:0]
	for _, field := range fields {
		switch f := field.(type) {
		case common:
			if n, known := w.number(*f.string); known {
				p = binary.AppendUvarint(p, uint64(n)<<1|1)
			} else {
				p = appendString(p, *f.string)
			}
		case *string:
			p = appendString(p, *f)
		case *int64:
			p = binary.AppendVarint(p, *f)
		case *bool:
			if *f {
				p = append(p, 1)
			} else {
				p = append(p, 0)
			}
		}
	}
	return Row(p)
}

// appendString appends a string behind twice its length; what is odd is a word's number.
func appendString(p []byte, s string) []byte {
	return append(binary.AppendUvarint(p, uint64(len(s))<<1), s...)
}

// number returns the number of a word, which may be new. The word it keeps is a copy.
func (w *Words) number(word string) (n int, known bool) {
	if n, known = w.numbers[word]; known || word == "" || len(w.words) == maxWords {
		return n, known
	}
	if w.numbers == nil {
		w.numbers = make(map[string]int)
	}
	word = strings.Clone(word)
	n = len(w.words)
	w.numbers[word] = n
	w.words = append(w.words, word)
	return n, true
}

// Forget forgets all words. Rows that were packed with them cannot be read any more.
func (w *Words) Forget() {
	clear(w.numbers)
	w.words = nil
}

var errShort = errors.New("the row is shorter than what it is read into")

// Scan reads a row that was packed with these words into pointers like those given to
// Pack. It copies nothing: strings are words, or cut out of the row.
func (w *Words) Scan(p Row, dest ...any) error {
	for _, d := range dest {
		n := 0
		switch d := d.(type) {
		case common:
			if *d.string, n = w.text(p); n <= 0 {
				return errShort
			}
		case *string:
			if *d, n = w.text(p); n <= 0 {
				return errShort
			}
		case *int64:
			var u uint64
			if u, n = uvarint(p); n <= 0 {
				return errShort
			}
			*d = int64(u>>1) ^ -int64(u&1)
		case *bool:
			if n = 1; len(p) == 0 {
				return errShort
			}
			*d = p[0] == 1
		}
		p = p[n:]
	}
	return nil
}

// text is the string that a row begins with, and how many bytes of it that takes, 0
// when there is none.
func (w *Words) text(p Row) (s string, n int) {
	u, at := uvarint(p)
	if u&1 == 1 {
		if u>>1 >= uint64(len(w.words)) {
			return "", 0
		}
		return w.words[u>>1], at
	}
	if n = at + int(u>>1); at == 0 || n > len(p) {
		return "", 0
	}
	return string(p[at:n]), n
}

// uvarint is binary.Uvarint for a string; n is 0 when there is none.
func uvarint(p Row) (u uint64, n int) {
	for i := range min(len(p), binary.MaxVarintLen64) {
		u |= uint64(p[i]&0x7f) << (7 * i)
		if p[i] < 0x80 {
			return u, i + 1
		}
	}
	return 0, 0
}
