package terms

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A span is where a text has an item, in bytes.
type span struct {
	item       int
	start, end int
	whole      bool // and not only as the beginning of a word
}

// spans returns where text has the items that are looked for, in order.
func (q Query) spans(text string) (found []span, words int) {
	var all []word
	each(text, func(w word) bool {
		all = append(all, w)
		return len(all) < MaxWords
	})
	for at := range all {
		for i, item := range q.All {
			if whole, ok := item.at(all[at:]); ok {
				found = append(found, span{i, all[at].start, all[at+len(item.Words)-1].end, whole})
			}
		}
	}
	return found, len(all)
}

// at reports whether words begin with the item.
func (i Item) at(words []word) (whole, ok bool) {
	last := len(i.Words) - 1
	if len(words) <= last {
		return false, false
	}
	for n, w := range i.Words[:last] {
		if words[n].text != w {
			return false, false
		}
	}
	whole = words[last].text == i.Words[last]
	return whole, whole || i.Prefix && strings.HasPrefix(words[last].text, i.Words[last])
}

// Score says how well text answers the query: 0 for not at all, more for more
// of the words, for whole words, for words that come again and for a text that
// is about little else.
func (q Query) Score(text string) float64 {
	found, words := q.spans(text)
	if len(found) == 0 {
		return 0
	}
	times, whole := make([]int, len(q.All)), make([]bool, len(q.All))
	for _, s := range found {
		times[s.item]++
		whole[s.item] = whole[s.item] || s.whole
	}
	score := 0.0
	for i, n := range times {
		if n == 0 {
			continue
		}
		score += 1 + math.Log2(float64(min(n, 8)))/4
		if whole[i] {
			score += 0.5
		}
	}
	return score / (1 + math.Log10(1+float64(words)/50))
}

// A Piece is a piece of a text; Found says that it is what was looked for.
type Piece struct {
	Text  string
	Found bool
}

// Excerpt returns the part of text that shows best what was found there, in one
// line of about n characters. With nothing found it is the beginning of text. The
// last word of an open query counts as the beginning of one where the text does
// not have it as it is.
func (q Query) Excerpt(text string, n int) []Piece {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	found, _ := q.spans(text)
	if last := len(q.All) - 1; q.Open && !slices.ContainsFunc(found, func(s span) bool { return s.item == last }) {
		found, _ = q.Opened().spans(text)
	}
	found = apart(found)
	from, to := frame(text, found, n)
	var pieces []Piece
	add := func(s string, is bool) {
		if s != "" {
			pieces = append(pieces, Piece{s, is})
		}
	}
	at := from
	lead := ""
	if from > 0 {
		lead = "… "
	}
	for _, s := range found {
		if s.start < at || s.end > to {
			continue
		}
		add(lead+text[at:s.start], false)
		add(text[s.start:s.end], true)
		at, lead = s.end, ""
	}
	rest := lead + text[at:to]
	if to < len(text) {
		rest += " …"
	}
	add(rest, false)
	return pieces
}

// apart leaves out spans that lie in others.
func apart(found []span) []span {
	slices.SortStableFunc(found, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	var out []span
	for _, s := range found {
		if len(out) == 0 || s.start >= out[len(out)-1].end {
			out = append(out, s)
		}
	}
	return out
}

// frame returns where the part of text begins and ends that has most of what
// was found, at the edges of words.
func frame(text string, found []span, n int) (from, to int) {
	best, most := 0, 0
	for i, s := range found {
		items := map[int]bool{}
		for _, other := range found[i:] {
			if other.end > s.start+n*3/4 {
				break
			}
			items[other.item] = true
		}
		if len(items) > most {
			best, most = s.start, len(items)
		}
	}
	if best <= n/2 {
		return 0, after(text, 0, best, n)
	}
	from = best - n/4
	if from > 0 {
		if space := strings.IndexByte(text[from:best], ' '); space >= 0 {
			from += space + 1
		}
		for from > 0 && from < len(text) && !utf8.RuneStart(text[from]) {
			from++
		}
	}
	return from, after(text, from, best, n)
}

// after returns where n characters from on end, at the edge of a word that lies
// after best.
func after(text string, from, best, n int) int {
	to := from
	for range n {
		if to >= len(text) {
			return len(text)
		}
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	if to >= len(text) || text[to] == ' ' {
		return to
	}
	if space := strings.LastIndexByte(text[from:to], ' '); space > 0 && from+space > best {
		return from + space
	}
	return to
}
