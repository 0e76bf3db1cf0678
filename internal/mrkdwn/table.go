package mrkdwn

import (
	"strings"
	"unicode/utf8"

	extast "github.com/yuin/goldmark/extension/ast"

	"caseline/internal/mrkdwn/rich"
)

// tableText lays a table out in characters of equal width, because Slack has
// no tables within a text. The console shows the same.
func tableText(table *extast.Table, src []byte) string {
	var rows [][]string
	var widths []int
	for r := table.FirstChild(); r != nil; r = r.NextSibling() {
		var row []string
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			l := lineReader{src: src}
			l.children(c, 0)
			cell := cellText(l.spans)
			if len(row) == len(widths) {
				widths = append(widths, 1)
			}
			widths[len(row)] = max(widths[len(row)], utf8.RuneCountInString(cell))
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	var b strings.Builder
	for i, row := range rows {
		writeRow(&b, row, widths, table.Alignments)
		if i == 0 {
			for k, width := range widths {
				if k > 0 {
					b.WriteString("-+-")
				}
				b.WriteString(strings.Repeat("-", width))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// cellText returns what a cell shows; addresses of links stand beside their
// labels.
func cellText(spans []rich.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Kind == rich.LinkSpan && s.Text != "" {
			b.WriteString(rich.DeadLink(s.URL, s.Text))
			continue
		}
		b.WriteString(rich.ShownText([]rich.Span{s}))
	}
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "\n", " "))
}

func writeRow(b *strings.Builder, row []string, widths []int, align []extast.Alignment) {
	var line strings.Builder
	for k, cell := range row {
		if k > 0 {
			line.WriteString(" | ")
		}
		space := strings.Repeat(" ", widths[k]-utf8.RuneCountInString(cell))
		if k < len(align) && align[k] == extast.AlignRight {
			line.WriteString(space + cell)
		} else {
			line.WriteString(cell + space)
		}
	}
	b.WriteString(strings.TrimRight(line.String(), " "))
	b.WriteByte('\n')
}
