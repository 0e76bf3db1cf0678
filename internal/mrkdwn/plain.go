package mrkdwn

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"caseline/internal/mrkdwn/rich"
)

// Plain returns Markdown as text for transcripts, previews and notifications:
// marks gone, entities by name, emoji as characters, addresses of links beside
// their labels.
func Plain(markdown string, r Resolver) string {
	doc, src := parse(markdown)
	w := plainWriter{src: src, resolver: &r}
	w.blocks(doc, true)
	return strings.TrimSpace(w.out.String())
}

// Excerpt returns the beginning of Markdown in one line of at most n
// characters. People are named only where Slack sent their names along; where
// they are to be resolved, use OneLine on Plain.
func Excerpt(markdown string, n int) string {
	return OneLine(Plain(markdown, Resolver{}), n)
}

// OneLine returns the beginning of text in one line of at most n characters,
// with an ellipsis where it was cut.
func OneLine(text string, n int) string {
	if n <= 0 {
		return ""
	}
	var b strings.Builder
	length, word := 0, 0 // word is where the last whole word ends
	var g rich.Graphemes
	cut := 0 // where there is still room for the ellipsis
	for field := range strings.FieldsSeq(text) {
		if length > 0 && length < n {
			word, cut = b.Len(), b.Len()
			b.WriteByte(' ')
			length++
		}
		for _, r := range field {
			if length >= n {
				return ellipsis(b.String(), word, cut)
			}
			if g.BreaksBefore(r) {
				cut = b.Len()
			}
			g.Next(r)
			b.WriteRune(r)
			length++
		}
		g = rich.Graphemes{}
	}
	return b.String()
}

// ellipsis cuts s after its last whole word, or within a word where that would
// leave less than half.
func ellipsis(s string, word, cut int) string {
	if word < len(s)/2 || word > cut {
		word = cut
	}
	return strings.TrimSpace(s[:word]) + "…"
}

// A plainWriter writes text line by line, each with the prefix of the
// quotations and lists that it is in.
type plainWriter struct {
	src      []byte
	resolver *Resolver
	out      strings.Builder
	prefix   string
	depth    int
	inLink   bool
}

func (w *plainWriter) line() {
	w.out.WriteByte('\n')
	w.out.WriteString(w.prefix)
}

// blocks writes the children of n, with empty lines between them if loose.
func (w *plainWriter) blocks(n ast.Node, loose bool) {
	first := true
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() == ast.KindLinkReferenceDefinition {
			continue
		}
		if !first {
			if loose {
				w.out.WriteByte('\n')
				w.out.WriteString(strings.TrimRight(w.prefix, " "))
			}
			w.line()
		}
		first = false
		w.block(c)
	}
}

func (w *plainWriter) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Blockquote:
		w.inside("> ", "> ", func() { w.blocks(n, true) })
	case *ast.List:
		w.list(n)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.lines(strings.TrimRight(codeOf(n, w.src), "\n"))
	case *extast.Table:
		w.lines(strings.TrimRight(tableText(n, w.src), "\n"))
	case *ast.ThematicBreak:
		w.out.WriteString("---")
	default:
		w.inlines(n)
	}
}

// inside writes what write does, the first line after first, the others after
// rest.
func (w *plainWriter) inside(first, rest string, write func()) {
	was := w.prefix
	w.depth++
	if w.depth <= maxDepth {
		w.out.WriteString(first)
		w.prefix += rest
	}
	write()
	w.depth--
	w.prefix = was
}

func (w *plainWriter) list(n *ast.List) {
	number := max(n.Start, 1)
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if item != n.FirstChild() {
			w.line()
		}
		mark := "• "
		if n.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		w.inside(mark, strings.Repeat(" ", utf8.RuneCountInString(mark)), func() { w.blocks(item, false) })
	}
}

func (w *plainWriter) lines(s string) {
	for line, more := "", true; more; {
		line, s, more = strings.Cut(s, "\n")
		w.out.WriteString(line)
		if more {
			w.line()
		}
	}
}

func (w *plainWriter) inlines(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.inline(c)
	}
}

func (w *plainWriter) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.lines(readText(n.Segment.Value(w.src)))
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.line()
		}
	case *ast.String:
		w.lines(string(n.Value))
	case *ast.CodeSpan:
		w.out.WriteString(codeSpanText(n, w.src))
	case *ast.Link:
		w.link(n, n.Destination)
	case *ast.Image:
		w.link(n, n.Destination)
	case *addressNode:
		w.out.WriteString(n.shown)
	case *entityNode:
		w.entity(&n.entity)
	case *emojiNode:
		if text, _ := w.resolver.emoji(n.name); text != "" {
			w.out.WriteString(text)
		} else {
			w.out.WriteString(":" + n.name + ":")
		}
	default:
		w.inlines(n)
	}
}

func (w *plainWriter) entity(e *rich.Entity) {
	if e.Kind != rich.Date {
		w.out.WriteString(w.resolver.name(e))
		return
	}
	_, shown := w.resolver.date(e)
	w.out.WriteString(shown)
}

// link writes a link's label and its address, unless they are the same.
func (w *plainWriter) link(n ast.Node, destination []byte) {
	target := strings.TrimSpace(readText(destination))
	url, ok := rich.LinkAddress(target)
	if ok {
		target = url
	}
	start, within := w.out.Len(), w.inLink
	w.inLink = within || ok
	w.inlines(n)
	w.inLink = within
	label := w.out.String()[start:]
	switch {
	case within: // a picture inside a link
	case label == "":
		w.lines(target)
	case !ok && label != target, ok && !leadsTo(label, target):
		w.lines(rich.AddressNote(target))
	}
}

// leadsTo reports whether label, read as an address, is url.
func leadsTo(label, url string) bool {
	for _, scheme := range [...]string{"", "mailto:"} {
		if same, ok := rich.LinkAddress(scheme + label); ok && same == url {
			return true
		}
	}
	return false
}
