package mrkdwn

import (
	"bytes"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"

	"caseline/internal/mrkdwn/rich"
)

// apart keeps two marks from being read as one. It is an invisible character
// to any reader of Markdown, and nothing at all to this package's.
const apart = "&NoBreak;"

// spans writes the content of a paragraph, an item or a quotation.
func (w *markdownWriter) spans(spans []rich.Span) {
	spans = plainLineEnds(spans)
	for i := range spans {
		s := &spans[i]
		switch {
		case s.Kind == rich.TextSpan:
			w.lines(spans, i)
		case s.Kind == rich.EmojiSpan:
			w.atom(spans, i, ":"+s.Text+":")
		case s.Kind == rich.LinkSpan:
			w.atom(spans, i, linkMarkdown(s))
		default:
			w.atom(spans, i, s.Text)
		}
	}
	w.endLine()
	w.breaks = 0
}

// lines writes text, line by line.
func (w *markdownWriter) lines(spans []rich.Span, i int) {
	s := &spans[i]
	for rest, more := s.Text, true; more; {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		switch {
		case s.Style&rich.Code != 0 && line != "":
			w.atom(spans, i, codeMarkdown(line))
		case s.Style&rich.Code == 0:
			w.words(spans, i, line, !more && i+1 < len(spans) && spans[i+1].Kind == rich.EmojiSpan)
		}
		if more {
			w.endLine()
			w.breaks++
		}
	}
}

// endLine closes what is open and drops the space at the end of the line.
func (w *markdownWriter) endLine() {
	if w.onLine {
		w.closeTo(0)
		w.out = w.out[:w.wordEnd]
	}
	w.onLine, w.indent = false, ""
}

// words writes a stretch of one line. The space around it is left outside of
// the marks, where Markdown wants it.
func (w *markdownWriter) words(spans []rich.Span, i int, line string, beforeEmoji bool) {
	core := strings.TrimLeftFunc(line, util.IsSpaceRune)
	lead := line[:len(line)-len(core)]
	core = strings.TrimRightFunc(core, util.IsSpaceRune)
	trail := line[len(lead)+len(core):]
	if core == "" {
		w.space(lead)
		return
	}
	first, _ := utf8.DecodeRuneInString(core)
	atStart := w.turn(spans, i, lead, first)
	if strings.HasPrefix(core, "//") && (bytes.HasSuffix(w.out, []byte("http:")) || bytes.HasSuffix(w.out, []byte("https:"))) {
		w.out = append(w.out, '\\') // an emoji of that name is no scheme
	}
	w.out = appendLiteral(w.out, core, literal{
		lineStart:   atStart,
		beforeEmoji: beforeEmoji && trail == "",
		struck:      spans[i].Style&rich.Strike != 0,
	})
	w.wordEnd = len(w.out)
	w.out = append(w.out, trail...)
}

func (w *markdownWriter) space(s string) {
	if w.onLine {
		w.out = append(w.out, s...)
	} else {
		w.indent += s
	}
}

// atom writes something that begins and ends with punctuation and is not to
// be read as anything else.
func (w *markdownWriter) atom(spans []rich.Span, i int, markdown string) {
	first := markdown[0]
	atStart := w.turn(spans, i, "", rune(first))
	last := byte(0)
	if len(w.out) > 0 {
		last = w.out[len(w.out)-1]
	}
	switch {
	case first == '`' && last == '`',
		atStart && first == '[' && strings.Contains(markdown, "]:"): // would be a definition
		w.out = append(w.out, apart...)
	case first == '[' && last == '!': // would be an image
		w.out = append(w.out[:len(w.out)-1], `\!`...)
	}
	w.out = append(w.out, markdown...)
	w.wordEnd = len(w.out)
}

// turn goes over to the style of span i, of which next is the first
// character, with space before it. It reports whether nothing is on the line
// before that character.
func (w *markdownWriter) turn(spans []rich.Span, i int, space string, next rune) bool {
	st := spans[i].Style &^ rich.Code
	if !w.onLine {
		w.newLine(space)
		w.openStyles(spans, i, st)
		return w.opened == 0
	}
	before, _ := utf8.DecodeLastRune(w.out[:w.wordEnd])
	gap := len(w.out) > w.wordEnd || space != ""
	closers := w.closers(st)
	openers := bits.OnesCount8(uint8(st &^ w.stillOpen(closers)))
	if (!gap && openers > 0 || openers > 1) && closers < w.opened {
		// A mark that opens amid an open style could as well close that style,
		// unless space is before it: close it here and open it anew.
		closers, openers = w.opened, bits.OnesCount8(uint8(st))
	}
	w.closeTo(w.opened - closers)
	switch {
	case gap || closers == 0 && openers == 0:
	case closers > 0 && openers > 0,
		closers > 0 && isPlain(next) && (closers > 1 || util.IsPunctRune(before)),
		openers > 0 && isPlain(before) && (openers > 1 || util.IsPunctRune(next)),
		openers > 0 && (before == '*' || before == '~'):
		w.out = append(w.out, apart...)
	}
	w.out = append(w.out, space...)
	w.openStyles(spans, i, st)
	return false
}

// isPlain reports whether r is neither space nor punctuation, so that a mark
// between it and punctuation neither opens nor closes.
func isPlain(r rune) bool { return !util.IsSpaceRune(r) && !util.IsPunctRune(r) }

// newLine writes the line ends that were held back and the space that the
// line begins with, so that it is neither lost nor read as code.
func (w *markdownWriter) newLine(space string) {
	if w.wrote && w.breaks > 0 {
		w.out = append(w.out, '\n')
		if w.breaks > 1 {
			w.out = append(w.out, strings.TrimRight(w.prefix, " ")...)
			w.out = append(w.out, '\n')
		}
		w.out = append(w.out, w.prefix...)
	}
	space = w.indent + space
	switch {
	case space == "" || space == " ":
	case space[0] == ' ':
		w.out = append(append(w.out, "&#32;"...), space[1:]...)
	case space[0] == '\t':
		w.out = append(append(w.out, "&#9;"...), space[1:]...)
	default:
		w.out = append(w.out, space...)
	}
	w.wrote, w.onLine, w.breaks, w.indent = true, true, 0, ""
	w.wordEnd = len(w.out)
}

// codeMarkdown writes a code span, between more backticks than are in it.
func codeMarkdown(text string) string {
	if strings.TrimSpace(text) == "" {
		return "`" + strings.Repeat(" ", len(text)) + "`"
	}
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	first, last := text[0], text[len(text)-1]
	if first == '`' || last == '`' || first == ' ' && last == ' ' { // one space is taken off each side
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}

// linkMarkdown writes a link: <url> where the address is all there is to show.
func linkMarkdown(s *rich.Span) string {
	var b []byte
	if s.Text == "" && s.Style&rich.Code == 0 && strings.IndexFunc(s.URL, unicode.IsSpace) < 0 {
		b = append(b, '<')
		b = appendURL(b, s.URL, false)
		return string(append(b, '>'))
	}
	label := s.Text
	if label == "" {
		label = s.URL
	}
	b = append(b, '[')
	if s.Style&rich.Code != 0 {
		b = append(b, codeMarkdown(label)...)
	} else {
		b = appendLiteral(b, label, literal{label: true})
	}
	b = append(b, "]("...)
	b = appendURL(b, s.URL, true)
	return string(append(b, ')'))
}
