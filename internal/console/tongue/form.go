package tongue

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A form is a sentence with gaps.
type form struct {
	english string
	pieces  []string // what stands before, between and behind its gaps
	said    int      // how much it says besides them
}

// leastSaid is how much a form must say to be found by it: of "%s: %s" anything
// could be one.
const leastSaid = 10

// find returns the forms by which Told finds a sentence. What says more itself
// fits more exactly, and comes first.
func (b *book) find() []form {
	var forms []form
	for key := range b.texts {
		if !strings.Contains(key, "%") || strings.Contains(key, counts) || strings.Contains(key, "{{") {
			continue
		}
		f := form{english: key, pieces: gap.Split(key, -1)}
		for _, piece := range f.pieces {
			f.said += len(piece)
		}
		if len(f.pieces) > 1 && f.said >= leastSaid {
			forms = append(forms, f)
		}
	}
	slices.SortFunc(forms, func(x, y form) int {
		if c := y.said - x.said; c != 0 {
			return c
		}
		return strings.Compare(x.english, y.english)
	})
	return forms
}

// in returns what stands in the gaps of the form in a sentence, or nil. A gap has
// a character at least, and the first ones as few as can be.
func (f form) in(sentence string) []string {
	rest, ok := strings.CutPrefix(sentence, f.pieces[0])
	if !ok || !strings.HasSuffix(rest, f.pieces[len(f.pieces)-1]) {
		return nil
	}
	return fill(nil, f.pieces[1:], rest)
}

// fill returns the gaps found before, and those in text that are before each of
// the pieces.
func fill(found, pieces []string, text string) []string {
	if text == "" {
		return nil
	}
	_, first := utf8.DecodeRuneInString(text)
	if len(pieces) == 1 {
		own, ok := strings.CutSuffix(text, pieces[0])
		if !ok || own == "" {
			return nil
		}
		return append(found, own)
	}
	for at := first; at <= len(text); {
		next := strings.Index(text[at:], pieces[0])
		if next < 0 {
			return nil
		}
		at += next
		if all := fill(append(found, text[:at]), pieces[1:], text[at+len(pieces[0]):]); all != nil {
			return all
		}
		if at == len(text) {
			return nil
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return nil
}
