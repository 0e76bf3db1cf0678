package rich

import "strings"

// FromBlocks reads the blocks of a message. It reports false if there is no
// rich_text among them, or if they are broken before there is anything to
// show: then the message's text has to do.
func FromBlocks(src string) ([]Block, bool) {
	r := richText{scanner: scanner{src: src}}
	r.array(r.block)
	return r.out, r.found && len(r.out) > 0
}

// richText reads Slack's rich_text into blocks.
type richText struct {
	scanner
	out   []Block
	found bool // a rich_text block was there
}

// block reads one block of the message. Blocks of other kinds than rich_text
// give their text, if they have one.
func (r *richText) block() {
	var kind, text, textKind string
	elements := -1
	r.object(func(key string) {
		switch key {
		case "type":
			kind = r.text()
		case "elements":
			if kind == "rich_text" {
				r.array(r.element)
				return
			}
			elements = r.pos
			r.skip()
		case "text":
			textKind, text = r.textObject()
		default:
			r.skip()
		}
	})
	switch {
	case kind == "rich_text":
		r.found = true
		if elements >= 0 { // they came before the type
			r.at(elements, func() { r.array(r.element) })
		}
	case text != "" && textKind == "mrkdwn":
		r.out = append(r.out, FromText(text)...)
	case text != "":
		r.add(Block{Spans: AddText(nil, Clean(text), 0)})
	}
}

// at reads what stands at pos and comes back.
func (r *richText) at(pos int, read func()) {
	back := r.pos
	r.pos = pos
	read()
	if !r.bad {
		r.pos = back
	}
}

// textObject reads {"type":…,"text":…}, or a plain string.
func (r *richText) textObject() (kind, text string) {
	if r.peek() == '"' {
		return "plain_text", r.text()
	}
	r.object(func(key string) {
		switch key {
		case "type":
			kind = r.text()
		case "text":
			text = r.text()
		default:
			r.skip()
		}
	})
	return kind, text
}

// add appends b unless there is nothing to see in it.
func (r *richText) add(b Block) {
	switch {
	case b.Kind == List:
		if len(b.Items) == 0 {
			return
		}
	case b.Kind == CodeBlock:
		b.Spans = AddText(nil, strings.TrimRight(ShownText(b.Spans), "\n"), 0)
		if len(b.Spans) == 0 {
			return
		}
	case Blank(b.Spans):
		return
	}
	r.out = append(r.out, b)
}

// element reads one of rich_text's elements: a section, a list, code, a
// quotation. One that is unknown is read as a section.
func (r *richText) element() {
	var b Block
	var kind string
	start, elements := r.pos, -1
	r.object(func(key string) {
		switch key {
		case "type":
			kind = r.text()
		case "elements":
			if kind == "" {
				elements = r.pos
				r.skip()
				return
			}
			r.content(kind, &b)
		case "style":
			b.Ordered = r.text() == "ordered"
		case "indent":
			b.Indent = min(max(r.integer(), 0), MaxIndent)
		case "offset":
			b.Number = min(max(r.integer(), 0), MaxNumber-1) + 1
		case "border":
			b.Bordered = r.integer() > 0
		case "language":
			b.Info = r.text()
		default:
			r.skip()
		}
	})
	if elements >= 0 {
		r.at(elements, func() { r.content(kind, &b) })
	}
	if !strings.HasPrefix(kind, "rich_text_") && len(b.Spans) == 0 { // text outside of a section
		r.at(start, func() { b = Block{Spans: r.inline(nil)} })
	}
	r.add(b)
}

// How far lists may be indented and counted. Slack shows no more than a few.
const (
	MaxIndent = 8
	MaxNumber = 99_999_999
)

func (r *richText) content(kind string, b *Block) {
	switch kind {
	case "rich_text_list":
		b.Kind = List
		r.array(func() { b.Items = append(b.Items, r.item()) })
		return
	case "rich_text_quote":
		b.Kind = Quote
	case "rich_text_preformatted":
		b.Kind = CodeBlock
	}
	b.Spans = r.inlines()
}

// item reads one item of a list.
func (r *richText) item() []Span {
	var spans []Span
	r.object(func(key string) {
		if key == "elements" {
			spans = r.inlines()
			return
		}
		r.skip()
	})
	return spans
}

func (r *richText) inlines() []Span {
	var spans []Span
	r.array(func() { spans = r.inline(spans) })
	return Merge(spans)
}
