package terms

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// MinPrefix is how many characters of a word must be there for it to stand
	// for all words that begin so.
	MinPrefix = 3

	maxItems = 16
	maxTyped = 1000 // bytes of what was typed
)

// A Query is what a text must have: all of All, and none of None. Open says that
// the last of All may be only the beginning of what was meant.
type Query struct {
	All, None []Item
	Open      bool
}

// An Item is a word, or a phrase of several. With Prefix, more may follow the
// last of its letters.
type Item struct {
	Words  []string
	Prefix bool
}

// Parse reads what a person typed: words, of which all must be there, "phrases
// in quotation marks", words that -must -not be there, and the beginnings of
// words with a star*. It makes something of everything.
func Parse(typed string) Query {
	if len(typed) > maxTyped {
		typed = strings.ToValidUTF8(typed[:maxTyped], "")
	}
	p := parser{rest: typed}
	for len(p.q.All)+len(p.q.None) < maxItems && p.next() {
	}
	if last := len(p.q.All) - 1; p.open && strings.TrimSpace(p.rest) == "" {
		p.q.Open = !p.q.All[last].Prefix && mayBegin(p.q.All[last].Words)
	}
	return p.q
}

// Opened is the query for all that begins with its last word, if the query is
// open.
func (q Query) Opened() Query {
	if q.Open {
		q.All = slices.Clone(q.All)
		q.All[len(q.All)-1].Prefix, q.Open = true, false
	}
	return q
}

// Empty reports whether nothing is looked for.
func (q Query) Empty() bool { return len(q.All) == 0 }

// A parser reads one item after the other.
type parser struct {
	rest string
	q    Query
	open bool // the last item that was read may go on
}

const quotes = "\"“”„«»"

// next reads one item, and reports whether there was something to read.
func (p *parser) next() bool {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	if p.rest == "" {
		return false
	}
	p.open = false
	without := false
	if bare := strings.TrimLeft(p.rest, "-−–"); bare != p.rest && bare != "" && !unicode.IsSpace(first(bare)) {
		without, p.rest = true, bare
	}
	var text string
	ends := true
	if strings.ContainsRune(quotes, first(p.rest)) {
		_, size := utf8.DecodeRuneInString(p.rest)
		p.rest = p.rest[size:]
		text, ends = p.until(func(r rune) bool { return strings.ContainsRune(quotes, r) }, true)
	} else {
		text, _ = p.until(func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(quotes, r) }, false)
		ends = false
	}
	star := strings.HasSuffix(text, "*")
	words := Words(text)
	if len(words) == 0 {
		return true
	}
	item := Item{Words: slices.Clip(words), Prefix: star && mayBegin(words)}
	if without {
		p.q.None = append(p.q.None, item)
		return true
	}
	p.q.All = append(p.q.All, item)
	p.open = !ends
	return true
}

// until cuts off what comes before the first rune that ends it, and that rune
// too with eat. ended reports whether there was one.
func (p *parser) until(end func(rune) bool, eat bool) (text string, ended bool) {
	i := strings.IndexFunc(p.rest, end)
	if i < 0 {
		text, p.rest = p.rest, ""
		return text, false
	}
	text, p.rest = p.rest[:i], p.rest[i:]
	if eat {
		_, size := utf8.DecodeRuneInString(p.rest)
		p.rest = p.rest[size:]
	}
	return text, true
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func mayBegin(words []string) bool {
	return utf8.RuneCountInString(words[len(words)-1]) >= MinPrefix
}
