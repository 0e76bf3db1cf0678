package mrkdwn

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/util"

	"caseline/internal/mrkdwn/rich"
)

// writeMarkdown writes blocks as canonical Markdown.
func writeMarkdown(doc []rich.Block) string {
	size := 16
	for i := range doc {
		for _, s := range doc[i].Spans {
			size += len(s.Text) + len(s.Text)/8 + len(s.URL) + 8
		}
	}
	w := markdownWriter{out: make([]byte, 0, size)}
	for i := range doc {
		b := &doc[i]
		if i > 0 {
			w.between(&doc[i-1], b)
		}
		switch b.Kind {
		case rich.List:
			w.list(b)
		case rich.CodeBlock:
			w.begin(quotePrefix(b.Bordered))
			w.code(b)
		default:
			w.begin(quotePrefix(b.Kind == rich.Quote))
			w.spans(b.Spans)
		}
	}
	return string(w.out)
}

func quotePrefix(quoted bool) string {
	if quoted {
		return "> "
	}
	return ""
}

// A markdownWriter writes block after block and line after line. Line ends
// are held back until there is something to write after them.
type markdownWriter struct {
	out    []byte
	prefix string // what every line of the current block begins with
	levels []listLevel

	wrote   bool   // there is something in the current block
	breaks  int    // line ends held back
	onLine  bool   // there is something on the current line
	indent  string // space at the line's beginning, held back
	wordEnd int    // where the last character that is not space ends
	open    [3]rich.Style
	opened  int // how many of open are
}

// between separates two blocks. The parts of one quotation stay together;
// sections that follow each other are lines of one paragraph.
func (w *markdownWriter) between(last, next *rich.Block) {
	switch {
	case len(w.out) == 0:
		return
	case last.Kind == rich.List && next.Kind == rich.List && last.Bordered == next.Bordered:
		return // the list's own matter
	case last.Quoted() && next.Quoted() && (last.Kind != rich.Quote || next.Kind != rich.Quote):
		w.out = append(w.out, "\n>\n"...)
	case last.Kind == rich.Section && next.Kind == rich.Section:
		w.out = append(w.out, '\n')
	default:
		w.out = append(w.out, "\n\n"...)
	}
	w.levels = w.levels[:0]
}

// begin starts a block whose lines begin with prefix.
func (w *markdownWriter) begin(prefix string) {
	w.prefix = prefix
	w.out = append(w.out, prefix...)
	w.restart()
}

func (w *markdownWriter) restart() {
	w.wrote, w.onLine, w.breaks, w.indent, w.opened = false, false, 0, "", 0
	w.wordEnd = len(w.out)
}

// code writes a fenced block, with a fence longer than any run of backticks
// in it.
func (w *markdownWriter) code(b *rich.Block) {
	text := rich.ShownText(b.Spans)
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	w.out = append(w.out, fence...)
	if isLanguage(b.Info) {
		w.out = append(w.out, b.Info...)
	}
	for line := range strings.SplitSeq(text, "\n") {
		w.out = append(w.out, '\n')
		if line == "" {
			w.out = append(w.out, strings.TrimRight(w.prefix, " ")...)
			continue
		}
		w.out = append(w.out, w.prefix...)
		w.out = append(w.out, line...)
	}
	w.out = append(w.out, '\n')
	w.out = append(w.out, w.prefix...)
	w.out = append(w.out, fence...)
}

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

func isLanguage(s string) bool {
	for i := range len(s) {
		if !util.IsAlphaNumeric(s[i]) && strings.IndexByte("+-#._", s[i]) < 0 {
			return false
		}
	}
	return s != "" && len(s) <= 30
}

// A listLevel is one open list: Slack's are flat, with an indent each.
type listLevel struct {
	indent  int
	ordered bool
	next    int  // the number of the next item
	mark    byte // what follows the number, or the bullet
	width   int  // how far the items' text is indented
}

// list writes a list, as a part of those that are open where it belongs there.
func (w *markdownWriter) list(b *rich.Block) {
	var after *listLevel // the list that has just ended where this one begins
	for len(w.levels) > 0 && w.levels[len(w.levels)-1].indent > b.Indent {
		left := w.levels[len(w.levels)-1]
		after, w.levels = &left, w.levels[:len(w.levels)-1]
	}
	if n := len(w.levels); n > 0 && w.levels[n-1].indent == b.Indent {
		top := w.levels[n-1]
		if top.ordered == b.Ordered && (!b.Ordered || b.Number == 0 || b.Number == top.next) {
			w.items(b)
			return
		}
		after, w.levels = &top, w.levels[:n-1]
	}
	level := listLevel{indent: b.Indent, ordered: b.Ordered, next: max(b.Number, 1), mark: '-'}
	if b.Ordered {
		level.mark = '.'
	}
	if after != nil && after.mark == level.mark {
		level.mark = map[byte]byte{'-': '*', '.': ')'}[level.mark]
	}
	w.levels = append(w.levels, level)
	nested := len(w.levels) > 1
	if after != nil || nested && b.Ordered && level.next != 1 {
		w.blankLine(quotePrefix(b.Bordered))
	}
	w.items(b)
}

// blankLine ends a paragraph that the next line would otherwise be read as
// part of.
func (w *markdownWriter) blankLine(prefix string) {
	w.out = append(w.out, '\n')
	w.out = append(w.out, strings.TrimRight(prefix, " ")...)
	w.out = append(w.out, '\n')
}

func (w *markdownWriter) items(b *rich.Block) {
	outer := quotePrefix(b.Bordered)
	for _, l := range w.levels[:len(w.levels)-1] {
		outer += strings.Repeat(" ", l.width)
	}
	level := &w.levels[len(w.levels)-1]
	for _, spans := range b.Items {
		if len(w.out) > 0 && w.out[len(w.out)-1] != '\n' {
			w.out = append(w.out, '\n')
		}
		start := len(w.out) + len(outer)
		w.begin(outer)
		if level.ordered {
			w.out = strconv.AppendInt(w.out, int64(level.next), 10)
		}
		w.out = append(w.out, level.mark)
		level.next++
		level.width = len(w.out) - start + 1
		w.out = append(w.out, ' ')
		if rich.Blank(spans) { // so that what follows can be part of it
			w.out = append(w.out, apart...)
			continue
		}
		w.restart()
		w.prefix = outer + strings.Repeat(" ", level.width)
		w.spans(spans)
	}
}
