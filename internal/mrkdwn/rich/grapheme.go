package rich

import "unicode"

// Graphemes tells where a text may be cut without breaking what a reader sees
// as one character: accents, flags, families and skin tones stay together. It
// knows the simple rules, which is enough for a text that is too long.
type Graphemes struct {
	last  rune
	flags int // regional indicators in a row
	run   int // characters since a place to cut
}

const (
	zeroWidthJoiner = '\u200d'
	longestGrapheme = 32 // beyond this it is cut anyway
)

// BreaksBefore reports whether a cut before next is allowed.
func (g *Graphemes) BreaksBefore(next rune) bool {
	switch {
	case g.last == 0 || g.run >= longestGrapheme || next < 0x300 && g.last < 0x300:
		return true
	case next == zeroWidthJoiner || g.last == zeroWidthJoiner, unicode.Is(unicode.M, next):
		return false
	case next >= 0x1f3fb && next <= 0x1f3ff: // skin tones
		return false
	case isRegional(next):
		return g.flags%2 == 0
	}
	return next < 0xe0020 || next > 0xe007f // tags, as in the flag of Wales
}

// Next goes on over r.
func (g *Graphemes) Next(r rune) {
	if g.BreaksBefore(r) {
		g.run = 0
	}
	g.run++
	if isRegional(r) {
		g.flags++
	} else {
		g.flags = 0
	}
	g.last = r
}

func isRegional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
