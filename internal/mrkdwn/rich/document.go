package rich

import "strings"

// Style is what is done to a stretch of text. Slack's underline has no place
// in Markdown and is dropped.
type Style uint8

// The styles, which add up.
const (
	Bold Style = 1 << iota
	Italic
	Strike
	Code
)

// SpanKind says what a span holds.
type SpanKind uint8

// The kinds of spans.
const (
	TextSpan  SpanKind = iota // text as read, nothing escaped
	LinkSpan                  // url with a label in text; no label: the url is shown
	TokenSpan                 // one of Slack's entities, as written: <@U123>
	EmojiSpan                 // the emoji's name without the outer colons: wave::skin-tone-3
)

// A Span is a stretch of one kind and style within a block.
type Span struct {
	Kind  SpanKind
	Style Style
	Text  string
	URL   string
}

// BlockKind says what shape a block has.
type BlockKind uint8

// The kinds of blocks.
const (
	Section   BlockKind = iota // lines of text
	Quote                      // lines of a quotation
	List                       // items of a line each
	CodeBlock                  // lines of code
)

// A Block is what Slack's rich_text calls an element: the shape that both
// directions pass through.
type Block struct {
	Kind     BlockKind
	Ordered  bool   // of a list
	Bordered bool   // a list or code inside a quotation
	Indent   int    // of a list
	Number   int    // of an ordered list's first item; 0: it goes on from the one before
	Info     string // the language of code, if known
	Spans    []Span // of anything but a list
	Items    [][]Span
}

// Quoted reports whether b belongs to a quotation.
func (b *Block) Quoted() bool { return b.Kind == Quote || b.Bordered }

// AddText appends text to spans, if there is any.
func AddText(spans []Span, text string, st Style) []Span {
	if text == "" {
		return spans
	}
	return append(spans, Span{Text: text, Style: st})
}

// Merge returns spans with neighbouring text of one style as one span, so that
// what belongs together is escaped together. It works in place, and once for
// all of them: a text may come in thousands of pieces.
func Merge(spans []Span) []Span {
	n := 0
	for i := 0; i < len(spans); n++ {
		end, size := i, 0
		for end < len(spans) && spans[end].Kind == TextSpan && spans[end].Style == spans[i].Style {
			size += len(spans[end].Text)
			end++
		}
		spans[n] = spans[i]
		if end > i+1 {
			var b strings.Builder
			b.Grow(size)
			for _, s := range spans[i:end] {
				b.WriteString(s.Text)
			}
			spans[n].Text = b.String()
		}
		i = max(end, i+1)
	}
	return spans[:n]
}

// AddLink appends a link, or its words and address as text when it is not one
// of the kinds that people may follow.
func AddLink(spans []Span, url, label string, st Style) []Span {
	address, ok := LinkAddress(url)
	if !ok {
		return AddText(spans, DeadLink(url, label), st)
	}
	label = OneLine(label)
	if label == address || label == url {
		label = ""
	}
	return append(spans, Span{Kind: LinkSpan, Style: st, Text: label, URL: address})
}

// DeadLink is what remains of a link that nobody may follow: its label, and
// the address to read where there is one.
func DeadLink(url, label string) string {
	if label == "" || label == url {
		return strings.TrimSpace(url)
	}
	return label + AddressNote(url)
}

// AddressNote is an address set after the words it belongs to.
func AddressNote(url string) string {
	url = strings.TrimSpace(url)
	if url == "" || strings.HasPrefix(url, "#") {
		return ""
	}
	return " (" + url + ")"
}

// OneLine returns s with line ends as spaces, and empty if there is nothing to
// see in it.
func OneLine(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return strings.ReplaceAll(s, "\n", " ")
}

// Blank reports whether spans show nothing.
func Blank(spans []Span) bool {
	for _, s := range spans {
		shown := strings.TrimSpace(s.Text)
		if s.Style&Code != 0 { // of code, even spaces are shown
			shown = strings.Trim(s.Text, "\n")
		}
		if s.Kind != TextSpan || shown != "" {
			return false
		}
	}
	return true
}

// ShownText returns what can be read in spans, without shape.
func ShownText(spans []Span) string {
	if len(spans) == 1 && spans[0].Kind == TextSpan {
		return spans[0].Text
	}
	var b strings.Builder
	for _, s := range spans {
		switch {
		case s.Kind == EmojiSpan:
			b.WriteString(":" + s.Text + ":")
		case s.Kind == LinkSpan && s.Text == "":
			b.WriteString(s.URL)
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}
