package mrkdwn

import (
	"slices"
	"strings"

	"caseline/internal/mrkdwn/rich"
)

// plainLineEnds returns spans with the line ends within a style as spans of
// their own, in no style. No mark reaches over them, and so they are read back.
func plainLineEnds(spans []rich.Span) []rich.Span {
	styled := func(s rich.Span) bool {
		return s.Kind == rich.TextSpan && s.Style != 0 && strings.Contains(s.Text, "\n")
	}
	if !slices.ContainsFunc(spans, styled) {
		return spans
	}
	out := make([]rich.Span, 0, len(spans)+8)
	for _, s := range spans {
		if !styled(s) {
			out = append(out, s)
			continue
		}
		for line, more := "", true; more; {
			line, s.Text, more = strings.Cut(s.Text, "\n")
			out = rich.AddText(out, line, s.Style)
			if more {
				out = rich.AddText(out, "\n", 0)
			}
		}
	}
	return out
}

// closers returns how many of the open styles end where st begins, those that
// only end because they were opened inside another one included.
func (w *markdownWriter) closers(st rich.Style) int {
	for k, o := range w.open[:w.opened] {
		if st&o == 0 {
			return w.opened - k
		}
	}
	return 0
}

func (w *markdownWriter) stillOpen(closers int) rich.Style {
	var st rich.Style
	for _, o := range w.open[:w.opened-closers] {
		st |= o
	}
	return st
}

// closeTo closes styles until only n are open. The marks go to the end of the
// last word, before any space.
func (w *markdownWriter) closeTo(n int) {
	for w.opened > n {
		w.opened--
		mark := styleMark(w.open[w.opened])
		w.out = slices.Insert(w.out, w.wordEnd, mark...)
		w.wordEnd += len(mark)
	}
}

// openStyles opens what of st is not open, the longest-lasting first.
func (w *markdownWriter) openStyles(spans []rich.Span, i int, st rich.Style) {
	for missing := st &^ w.stillOpen(0); missing != 0; {
		best, longest := rich.Style(0), -1
		for _, s := range [...]rich.Style{rich.Strike, rich.Bold, rich.Italic} {
			if missing&s == 0 {
				continue
			}
			if n := lasts(spans[i:], s); n > longest {
				best, longest = s, n
			}
		}
		w.open[w.opened] = best
		w.opened++
		missing &^= best
		w.out = append(w.out, styleMark(best)...)
	}
}

// lasts returns for how many spans on from the first the style s goes on.
func lasts(spans []rich.Span, s rich.Style) int {
	ahead := min(len(spans), 16) // any further makes no difference worth the look
	for n := range ahead {
		next := &spans[n]
		if strings.Contains(next.Text, "\n") || next.Style&s == 0 && !isGap(next) {
			return n
		}
	}
	return ahead
}

// isGap reports whether s is nothing but space, whose style does not matter.
func isGap(s *rich.Span) bool {
	return s.Kind == rich.TextSpan && s.Style&rich.Code == 0 && strings.TrimSpace(s.Text) == ""
}

func styleMark(s rich.Style) []byte {
	switch s {
	case rich.Bold:
		return []byte("**")
	case rich.Italic:
		return []byte("*")
	}
	return []byte("~~")
}
