package rich

import "strings"

// FromText reads Slack's markup: code first, then quotations line by line,
// then what stands in the lines.
func FromText(text string) []Block {
	var doc []Block
	rest := Clean(text)
	for rest != "" {
		before, inside, after := cutFence(rest)
		doc = appendLines(doc, before)
		if inside != "" {
			doc = append(doc, Block{Kind: CodeBlock, Spans: AddText(nil, inside, 0)})
		}
		rest = after
	}
	return doc
}

// cutFence splits text around its first block of code, if it has one.
func cutFence(text string) (before, inside, after string) {
	const fence = "```"
	from := 0
	for {
		open := strings.Index(text[from:], fence)
		if open < 0 {
			return text, "", ""
		}
		open += from
		start := open + len(fence)
		end := strings.Index(text[start:], fence)
		if end < 0 {
			return text, "", ""
		}
		inside = strings.Trim(codeText(text[start:start+end]), "\n")
		if inside != "" {
			return text[:open], inside, text[start+end+len(fence):]
		}
		from = start // nothing in it: literal
	}
}

// appendLines reads text without blocks of code. Lines that begin with ">"
// are a quotation, after ">>>" all that follow are.
func appendLines(doc []Block, text string) []Block {
	text = strings.Trim(text, "\n")
	var run strings.Builder
	quoted := false
	flush := func() {
		if spans := textSpans(strings.Trim(run.String(), "\n")); !Blank(spans) {
			kind := Section
			if quoted {
				kind = Quote
			}
			doc = append(doc, Block{Kind: kind, Spans: spans})
		}
		run.Reset()
	}
	all := false
	for line := range strings.SplitSeq(text, "\n") {
		body, isQuote := line, all
		if !all {
			body, isQuote, all = cutQuote(line)
		}
		if isQuote != quoted {
			flush()
			quoted = isQuote
		}
		run.WriteString(body)
		run.WriteByte('\n')
	}
	flush()
	return doc
}

// cutQuote takes the mark of a quotation off a line. It reports whether there
// was one, and whether it was the one that holds for all lines to come.
func cutQuote(line string) (body string, quoted, all bool) {
	for _, mark := range [...]string{"&gt;&gt;&gt;", ">>>"} {
		if body, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimPrefix(body, " "), true, true
		}
	}
	for _, mark := range [...]string{"&gt;", ">"} {
		if body, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimPrefix(body, " "), true, false
		}
	}
	return line, false, false
}
