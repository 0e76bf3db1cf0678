package rich

import (
	"fmt"
	"strings"
)

// Fallback writes blocks in Slack's older markup.
func Fallback(doc []Block) string {
	var out []byte
	for i := range doc {
		if i > 0 {
			out = append(out, '\n')
		}
		out = appendFallback(out, &doc[i])
	}
	return strings.TrimSpace(string(out))
}

func appendFallback(out []byte, b *Block) []byte {
	switch b.Kind {
	case CodeBlock:
		out = append(out, "```\n"...)
		out = appendEscaped(out, separateBackticks(ShownText(b.Spans)))
		return append(out, "\n```"...)
	case Quote:
		lines := string(appendMarkup(nil, b.Spans))
		for i, line := range strings.Split(lines, "\n") {
			if i > 0 {
				out = append(out, '\n')
			}
			out = append(out, "&gt; "...)
			out = append(out, line...)
		}
		return out
	case List:
		for i, spans := range b.Items {
			if i > 0 {
				out = append(out, '\n')
			}
			out = append(out, b.bullet(i)...)
			out = appendMarkup(out, spans)
		}
		return out
	}
	return appendMarkup(out, b.Spans)
}

// bullet is what stands before item i of a list in a text.
func (b *Block) bullet(i int) string {
	space := strings.Repeat("    ", b.Indent)
	if b.Ordered {
		return fmt.Sprintf("%s%d. ", space, max(b.Number, 1)+i)
	}
	return space + "• "
}

// separateBackticks keeps text from being taken for the mark that begins or
// ends a block of code.
func separateBackticks(text string) string {
	return strings.ReplaceAll(text, "```", "`\u200b`\u200b`")
}

// insideBackticks keeps a code span's own backticks apart from its marks.
func insideBackticks(code string) string {
	if strings.HasPrefix(code, "`") {
		code = "\u200b" + code
	}
	if strings.HasSuffix(code, "`") {
		code += "\u200b"
	}
	return code
}

func appendMarkup(out []byte, spans []Span) []byte {
	for i := range spans {
		out = appendSpanMarkup(out, &spans[i])
	}
	return out
}

// appendSpanMarkup writes one span. Styles do not go over the end of a line.
func appendSpanMarkup(out []byte, s *Span) []byte {
	marks := s.Style.marks()
	if s.Kind != TextSpan {
		return closeMarks(appendTarget(append(out, marks...), s), marks)
	}
	text := separateBackticks(s.Text)
	if marks == "" {
		return appendEscaped(out, text)
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out = append(out, '\n')
		}
		core := strings.TrimFunc(line, isSpace)
		if s.Style&Code != 0 {
			core = line
		}
		if core == "" {
			out = append(out, line...)
			continue
		}
		lead, trail, _ := strings.Cut(line, core)
		if s.Style&Code != 0 {
			core = insideBackticks(core)
		}
		out = append(append(out, lead...), marks...)
		out = closeMarks(appendEscaped(out, core), marks)
		out = append(out, trail...)
	}
	return out
}

func closeMarks(out []byte, marks string) []byte {
	for k := len(marks) - 1; k >= 0; k-- {
		out = append(out, marks[k])
	}
	return out
}

// appendTarget writes what is not plain text: a link or an emoji.
func appendTarget(out []byte, s *Span) []byte {
	if s.Kind != LinkSpan {
		return append(append(append(out, ':'), s.Text...), ':')
	}
	label := separateBackticks(s.Text)
	if strings.Contains(label, "|") { // would end the address, or the label
		out = append(appendEscaped(out, label), " (<"...)
		return append(appendEscaped(out, s.URL), ">)"...)
	}
	out = appendEscaped(append(out, '<'), s.URL)
	if label != "" {
		out = appendEscaped(append(out, '|'), label)
	}
	return append(out, '>')
}

// marks are the characters that open a style in a text, code innermost.
func (s Style) marks() string {
	marks := ""
	for _, m := range [...]struct {
		style Style
		mark  string
	}{{Bold, "*"}, {Italic, "_"}, {Strike, "~"}, {Code, "`"}} {
		if s&m.style != 0 {
			marks += m.mark
		}
	}
	return marks
}
