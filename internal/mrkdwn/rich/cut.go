package rich

import (
	"strings"
	"unicode/utf8"
)

// A cutPoint is a place where text may be cut: before byte at of a span. The
// zero value is none.
type cutPoint struct {
	span, at int
	cost     int // of what is before it
}

// A cutter goes along spans and remembers the last of each kind of border that
// is within room.
type cutter struct {
	room, lineCost int

	cost                        int
	last, lastButOne            rune
	paragraph, line, word, hard cutPoint
}

// cutSpans divides spans so that the fallback text of the first part is within
// room: between paragraphs, or lines, or words, or else between characters. If
// not even one fits and it must cut, it takes one.
func cutSpans(spans []Span, lineCost, room int, must bool) (before, after []Span) {
	c := cutter{room: room, lineCost: lineCost, cost: lineCost}
	for i := range spans {
		if !c.span(i, &spans[i]) {
			break
		}
	}
	switch at := c.best(must); {
	case at != cutPoint{}:
		return cutAt(spans, at)
	case must:
		return cutOne(spans)
	}
	return nil, spans
}

// best returns where to cut. A border that would leave half of the room empty
// is passed over for a lesser one.
func (c *cutter) best(must bool) cutPoint {
	var latest cutPoint
	for _, p := range [...]cutPoint{c.paragraph, c.line, c.word} {
		if p.cost > c.room/2 {
			return p
		}
		if p.cost > latest.cost {
			latest = p
		}
	}
	switch {
	case latest.cost > c.room/4 || must && latest.cost > 0:
		return latest
	case must:
		return c.hard
	}
	return cutPoint{}
}

// span goes along one span. It reports false where the room ends.
func (c *cutter) span(i int, s *Span) bool {
	markCost := 2 * len(s.Style.marks())
	if s.Kind == TextSpan {
		c.cost += markCost
		return c.text(i, s.Text, markCost)
	}
	if c.cost > c.room {
		return false
	}
	c.border(i, 0, 'x', true)
	c.last, c.lastButOne = 'x', 'x'
	whole := utf16Len(string(appendSpanMarkup(nil, s)))
	if c.cost+whole <= c.room || s.Kind != LinkSpan || s.Text == "" || c.cost > c.room/2 {
		c.cost += whole
		return c.cost <= c.room
	}
	// A label can be cut; both halves lead to the same place.
	c.cost += whole - utf16Len(Escape(separateBackticks(s.Text)))
	return c.text(i, s.Text, 0)
}

func (c *cutter) text(i int, text string, markCost int) bool {
	var g Graphemes
	for at, r := range text {
		if c.cost > c.room {
			return false
		}
		c.border(i, at, r, at == 0 || g.BreaksBefore(r))
		g.Next(r)
		c.last, c.lastButOne = r, c.last
		switch r {
		case '&', '<', '>':
			c.cost += len("&amp;")
		case '`': // may have to be kept apart, by what cannot be seen
			c.cost += 3
		case '\n':
			c.cost += 1 + c.lineCost + markCost
		default:
			c.cost += runeUnits(r)
		}
	}
	return c.cost <= c.room
}

// border remembers the place before byte at of span i, by what it divides.
func (c *cutter) border(i, at int, next rune, whole bool) {
	p := cutPoint{i, at, c.cost}
	switch {
	case i == 0 && at == 0 || next == '\n':
	case c.last == '\n' && c.lastButOne == '\n':
		c.paragraph = p
	case c.last == '\n':
		c.line = p
	case isSpace(c.last) && !isSpace(next):
		c.word = p
	case whole:
		c.hard = p
	}
}

// cutAt divides spans before a point, without the space that stood there.
func cutAt(spans []Span, p cutPoint) (before, after []Span) {
	before = append(before, spans[:p.span]...)
	whole := spans[p.span]
	if p.at > 0 {
		first := whole
		first.Text = whole.Text[:p.at]
		before = append(before, first.orSpace())
		whole.Text = whole.Text[p.at:]
		whole = whole.orSpace()
	}
	after = append([]Span{whole}, spans[p.span+1:]...)
	if n := len(before) - 1; before[n].Kind == TextSpan && before[n].Style&Code == 0 {
		before[n].Text = strings.TrimRightFunc(before[n].Text, isSpace)
		if before[n].Text == "" {
			before = before[:n]
		}
	}
	return before, after
}

// orSpace returns s, or plain space if that is all the label of a link shows:
// without a label a link would show its address.
func (s Span) orSpace() Span {
	if s.Kind == LinkSpan && OneLine(s.Text) == "" {
		return Span{Text: s.Text}
	}
	return s
}

// cutOne takes the space that spans begin with, or the first character, or the
// first thing that cannot be cut.
func cutOne(spans []Span) (before, after []Span) {
	if s := spans[0]; s.Kind == TextSpan {
		at := len(s.Text) - len(strings.TrimLeftFunc(s.Text, isSpace))
		if at == 0 {
			_, at = utf8.DecodeRuneInString(s.Text)
		}
		if at < len(s.Text) {
			return cutAt(spans, cutPoint{span: 0, at: at})
		}
	}
	if len(spans) == 1 {
		return spans, nil
	}
	return cutAt(spans, cutPoint{span: 1})
}
