package mrkdwn

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"caseline/internal/mrkdwn/emoji"
	"caseline/internal/mrkdwn/rich"
)

// fromMarkdown reads what an agent typed into Slack's shape. Entities are
// text here: nothing that is typed mentions anyone.
func fromMarkdown(markdown string) []rich.Block {
	doc, src := parse(markdown)
	t := treeReader{src: src}
	t.children(doc, 0)
	for i := range t.out {
		b := &t.out[i]
		b.Spans = rich.Merge(b.Spans)
		for k := range b.Items {
			b.Items[k] = rich.Merge(b.Items[k])
		}
	}
	return t.out
}

// treeReader goes over a Markdown tree and writes the blocks.
type treeReader struct {
	src    []byte
	out    []rich.Block
	quoted bool
	fresh  bool // a quotation has just begun
}

func (t *treeReader) children(n ast.Node, indent int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t.block(c, indent)
	}
}

// block reads a block that stands at the given indent of lists.
func (t *treeReader) block(n ast.Node, indent int) {
	switch n := n.(type) {
	case *ast.List:
		t.list(n, indent)
	case *ast.Blockquote:
		was := t.quoted
		t.quoted, t.fresh = true, t.fresh || !was
		t.children(n, indent)
		t.quoted = was
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		t.code(codeOf(n, t.src))
	case *extast.Table:
		t.code(tableText(n, t.src))
	case *ast.ThematicBreak:
		t.paragraph([]rich.Span{{Text: "---"}})
	case *ast.Heading:
		t.paragraph(t.inlines(n, rich.Bold))
	case *ast.LinkReferenceDefinition:
	default:
		t.paragraph(t.inlines(n, 0))
	}
}

// paragraph adds spans to the section or quotation that is being written.
func (t *treeReader) paragraph(spans []rich.Span) {
	if rich.Blank(spans) {
		return
	}
	kind := rich.Section
	if t.quoted {
		kind = rich.Quote
	}
	if n := len(t.out); n > 0 && t.out[n-1].Kind == kind && !t.fresh {
		t.out[n-1].Spans = joinParagraphs(t.out[n-1].Spans, spans)
		return
	}
	t.fresh = false
	t.out = append(t.out, rich.Block{Kind: kind, Spans: spans})
}

func joinParagraphs(before, after []rich.Span) []rich.Span {
	if len(before) > 0 {
		before = rich.AddText(before, "\n\n", 0)
	}
	return append(before, after...)
}

func (t *treeReader) code(text string) {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return
	}
	t.fresh = false
	t.out = append(t.out, rich.Block{Kind: rich.CodeBlock, Bordered: t.quoted, Spans: rich.AddText(nil, text, 0)})
}

func (t *treeReader) list(list *ast.List, indent int) {
	number := max(list.Start, 1)
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		t.item(list.IsOrdered(), item, indent, min(number, rich.MaxNumber))
		number++
	}
}

// item reads one item. Slack's items hold a line of text only: lists inside
// follow as lists of their own, and so does anything else.
func (t *treeReader) item(ordered bool, item ast.Node, indent, number int) {
	spans := t.openItem(ordered, min(indent, rich.MaxIndent), number)
	open := true
	for c := item.FirstChild(); c != nil; c = c.NextSibling() {
		switch n := c.(type) {
		case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
			st := rich.Style(0)
			if n.Kind() == ast.KindHeading {
				st = rich.Bold
			}
			if text := t.inlines(n, st); !open {
				t.paragraph(text)
			} else if !rich.Blank(text) {
				*spans = joinParagraphs(*spans, text)
			}
			continue
		case *ast.LinkReferenceDefinition:
			continue
		}
		open = false
		t.block(c, indent+1)
	}
}

// openItem adds an item to the list that is being written, if it goes on
// there, or else to a new one.
func (t *treeReader) openItem(ordered bool, indent, number int) *[]rich.Span {
	if !ordered {
		number = 0
	}
	n := len(t.out)
	if n == 0 || !continues(&t.out[n-1], ordered, t.quoted, indent, number) || t.fresh {
		t.fresh = false
		t.out = append(t.out, rich.Block{
			Kind: rich.List, Ordered: ordered, Bordered: t.quoted, Indent: indent, Number: number})
		n++
	}
	list := &t.out[n-1]
	list.Items = append(list.Items, nil)
	return &list.Items[len(list.Items)-1]
}

// continues reports whether an item can go on the list b.
func continues(b *rich.Block, ordered, bordered bool, indent, number int) bool {
	return b.Kind == rich.List && b.Ordered == ordered && b.Bordered == bordered &&
		b.Indent == indent && (!ordered || b.Number+len(b.Items) == number)
}

// inlines reads what stands in the lines of a block.
func (t *treeReader) inlines(n ast.Node, st rich.Style) []rich.Span {
	l := lineReader{src: t.src}
	l.children(n, st)
	return l.spans
}

// lineReader reads inline nodes into spans.
type lineReader struct {
	src   []byte
	spans []rich.Span
	url   string // of the link that is being read
}

func (l *lineReader) children(n ast.Node, st rich.Style) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		l.inline(c, st)
	}
}

func (l *lineReader) inline(n ast.Node, st rich.Style) {
	switch n := n.(type) {
	case *ast.Text:
		l.add(readText(n.Segment.Value(l.src)), st)
		if n.SoftLineBreak() || n.HardLineBreak() {
			l.add("\n", st)
		}
	case *ast.String:
		l.add(string(n.Value), st)
	case *ast.CodeSpan:
		l.add(codeSpanText(n, l.src), st|rich.Code)
	case *ast.Emphasis:
		if n.Level >= 2 {
			l.children(n, st|rich.Bold)
		} else {
			l.children(n, st|rich.Italic)
		}
	case *extast.Strikethrough:
		l.children(n, st|rich.Strike)
	case *ast.Link:
		l.link(n, n.Destination, st)
	case *ast.Image:
		l.link(n, n.Destination, st)
	case *addressNode:
		if l.url != "" {
			l.add(n.shown, st)
		} else {
			l.spans = rich.AddLink(l.spans, n.url, n.shown, st)
		}
	case *entityNode:
		l.add(n.source, st)
	case *emojiNode:
		l.emoji(n.name, st)
	default:
		l.children(n, st)
	}
}

// add appends text, as a part of the label if a link is being read.
func (l *lineReader) add(text string, st rich.Style) {
	if l.url == "" {
		l.spans = rich.AddText(l.spans, text, st)
		return
	}
	text = strings.ReplaceAll(text, "\n", " ")
	if n := len(l.spans); n > 0 {
		last := &l.spans[n-1]
		alike := last.Style == st || strings.TrimSpace(text) == ""
		if alike && last.Kind == rich.LinkSpan && last.URL == l.url && last.Text != "" {
			last.Text += text
			return
		}
	}
	l.spans = append(l.spans, rich.Span{Kind: rich.LinkSpan, Style: st, Text: text, URL: l.url})
}

func (l *lineReader) emoji(name string, st rich.Style) {
	if l.url != "" || emoji.Text(name) == "" {
		l.add(":"+name+":", st)
		return
	}
	l.spans = append(l.spans, rich.Span{Kind: rich.EmojiSpan, Style: st, Text: name})
}

// link reads a link or a picture, which Slack cannot show within a text.
func (l *lineReader) link(n ast.Node, destination []byte, st rich.Style) {
	if l.url != "" { // a picture inside a link
		l.children(n, st)
		return
	}
	target := readText(destination)
	url, ok := rich.LinkAddress(target)
	label := lineReader{src: l.src, url: url}
	label.children(n, st)
	switch {
	case !ok && rich.Blank(label.spans):
		l.add(strings.TrimSpace(target), st)
	case !ok:
		l.children(n, st)
		if rich.ShownText(label.spans) != strings.TrimSpace(target) {
			l.add(rich.AddressNote(target), st)
		}
	default:
		l.spans = append(l.spans, tidyLabel(label.spans, url, st)...)
	}
}

// tidyLabel returns the spans of a link without a label where that shows
// nothing but the address.
func tidyLabel(label []rich.Span, url string, st rich.Style) []rich.Span {
	switch shown := rich.OneLine(rich.ShownText(label)); {
	case shown == "":
		return []rich.Span{{Kind: rich.LinkSpan, Style: st, URL: url}}
	case len(label) == 1 && shown == url:
		return []rich.Span{{Kind: rich.LinkSpan, Style: label[0].Style, URL: url}}
	}
	return label
}

// codeSpanText returns the code between backticks.
func codeSpanText(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if text, ok := c.(*ast.Text); ok {
			b.Write(text.Segment.Value(src))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// codeOf returns the lines of a block of code.
func codeOf(n ast.Node, src []byte) string {
	var b strings.Builder
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		b.Write(line.Value(src))
	}
	return b.String()
}
