package mrkdwn

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"caseline/internal/mrkdwn/rich"
)

// HTML returns Markdown as the console shows it.
//
// It may call its result template.HTML because of how that is made: by a
// writer that has a fixed list of elements (p, br, strong, em, del, code, pre,
// blockquote, ul, ol, li, hr, a, span, img, time) and of attributes, writes
// every text and every attribute's value through one escaping function, and
// knows no raw HTML. A link's address has passed linkAddress, which lets
// through http, https, mailto and tel only; a picture's address is on https or
// on this site.
func HTML(markdown string, r Resolver) template.HTML {
	doc, src := parse(markdown)
	w := htmlWriter{src: src, resolver: &r, out: make([]byte, 0, len(src)+len(src)/2+64)}
	w.children(doc)
	return template.HTML(w.out)
}

// maxDepth is how deep quotations and lists are shown inside each other.
// What is deeper is shown at that depth.
const maxDepth = 24

type htmlWriter struct {
	src      []byte
	resolver *Resolver
	out      []byte
	depth    int
	inLink   bool
	afterGap bool // at the beginning of a line or after a space
}

func (w *htmlWriter) raw(s string) { w.out = append(w.out, s...) }

func (w *htmlWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeInline {
			w.inline(c)
		} else {
			w.block(c)
		}
	}
}

// block writes a block. What is not on the list is written as its content.
func (w *htmlWriter) block(n ast.Node) {
	w.afterGap = true
	switch n := n.(type) {
	case *ast.Paragraph:
		w.around("<p>", n, "</p>")
	case *ast.Heading:
		w.around("<p><strong>", n, "</strong></p>")
	case *ast.Blockquote:
		w.nested("<blockquote>", n, "</blockquote>")
	case *ast.List:
		w.list(n)
	case *ast.ListItem:
		w.around("<li>", n, "</li>")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.code(codeOf(n, w.src))
	case *extast.Table:
		w.code(tableText(n, w.src))
	case *ast.ThematicBreak:
		w.raw("<hr>")
	case *ast.LinkReferenceDefinition:
	default:
		w.children(n)
	}
}

func (w *htmlWriter) around(open string, n ast.Node, end string) {
	w.raw(open)
	w.children(n)
	w.raw(end)
}

func (w *htmlWriter) nested(open string, n ast.Node, end string) {
	if w.depth >= maxDepth {
		w.children(n)
		return
	}
	w.depth++
	w.around(open, n, end)
	w.depth--
}

func (w *htmlWriter) list(n *ast.List) {
	if w.depth >= maxDepth { // an item needs its list
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			w.children(item)
		}
		return
	}
	if !n.IsOrdered() {
		w.nested("<ul>", n, "</ul>")
		return
	}
	open := "<ol>"
	if n.Start > 1 {
		open = `<ol start="` + strconv.Itoa(n.Start) + `">`
	}
	w.nested(open, n, "</ol>")
}

func (w *htmlWriter) code(text string) {
	w.raw("<pre><code>")
	w.text(strings.TrimRight(text, "\n"))
	w.raw("</code></pre>")
}

// inline writes what stands in a line.
func (w *htmlWriter) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.words(readText(n.Segment.Value(w.src)))
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.br()
		}
		return
	case *ast.String:
		w.words(string(n.Value))
		return
	case *ast.Emphasis:
		if n.Level >= 2 {
			w.around("<strong>", n, "</strong>")
		} else {
			w.around("<em>", n, "</em>")
		}
		return
	case *extast.Strikethrough:
		w.around("<del>", n, "</del>")
		return
	case *ast.Link:
		w.link(n, n.Destination)
		return
	case *ast.Image:
		w.link(n, n.Destination)
		return
	}
	w.afterGap = false
	switch n := n.(type) {
	case *ast.CodeSpan:
		w.raw("<code>")
		w.text(codeSpanText(n, w.src))
		w.raw("</code>")
	case *addressNode:
		w.anchor(n.url, func() { w.text(n.shown) })
	case *entityNode:
		w.entity(&n.entity)
	case *emojiNode:
		w.emoji(n.name)
	default:
		w.children(n)
	}
}

// anchor writes a link, but not inside of another.
func (w *htmlWriter) anchor(url string, content func()) {
	if w.inLink {
		content()
		return
	}
	w.inLink = true
	w.raw(`<a href="`)
	w.text(url)
	w.raw(`" rel="noopener noreferrer nofollow" target="_blank">`)
	content()
	w.raw("</a>")
	w.inLink = false
}

// link writes a link or a picture; pictures are never loaded from elsewhere,
// only linked to.
func (w *htmlWriter) link(n ast.Node, destination []byte) {
	if w.inLink { // a picture inside a link
		w.children(n)
		return
	}
	target := readText(destination)
	url, ok := rich.LinkAddress(target)
	label := lineReader{src: w.src}
	label.children(n, 0)
	empty := rich.Blank(label.spans)
	switch {
	case ok && empty:
		w.anchor(url, func() { w.text(url) })
	case ok:
		w.anchor(url, func() { w.children(n) })
	case empty:
		w.text(target)
	default:
		w.children(n)
		if rich.ShownText(label.spans) != strings.TrimSpace(target) {
			w.text(rich.AddressNote(target))
		}
	}
}

func (w *htmlWriter) entity(e *rich.Entity) {
	if e.Kind != rich.Date {
		w.raw(`<span class="mention">`)
		w.text(w.resolver.name(e))
		w.raw("</span>")
		return
	}
	show := func() {
		t, shown := w.resolver.date(e)
		w.raw(`<time datetime="`)
		w.text(t.UTC().Format(time.RFC3339))
		w.raw(`">`)
		w.text(shown)
		w.raw("</time>")
	}
	if url, ok := rich.LinkAddress(e.URL); ok {
		w.anchor(url, show)
		return
	}
	show()
}

// Emoji returns an emoji, by its name in Slack, as HTML shows it in a text.
func Emoji(name string, r Resolver) template.HTML {
	w := htmlWriter{resolver: &r}
	w.emoji(name)
	return template.HTML(w.out)
}

func (w *htmlWriter) emoji(name string) {
	text, image := w.resolver.emoji(name)
	code := ":" + name + ":"
	switch {
	case image != "":
		w.raw(`<img class="emoji" src="`)
		w.text(image)
		w.raw(`" alt="`)
		w.text(code)
		w.raw(`" title="`)
		w.text(code)
		w.raw(`">`)
	case text != "":
		w.raw(`<span class="emoji" title="`)
		w.text(code)
		w.raw(`">`)
		w.text(text)
		w.raw("</span>")
	default:
		w.text(code)
	}
}
