package compose

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// A part is one paragraph of rich text.
type part struct {
	kind     string // section, list, preformatted, quote
	elements []element
	// For lists:
	ordered bool
	indent  int
	first   int // the number an ordered list begins with
	items   [][]element
}

// What begins a line of a list; compiled when the first line is read.
var (
	bullet = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^( *)[-*•] +(.+)$`) })
	number = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^( *)(\d{1,3})\. +(.+)$`) })
)

// Typed turns what a person typed into the message's text and its rich_text
// block: *bold*, _italic_, ~struck~, `code`, fences of three backticks, lines
// that begin with >, lists with - or 1., @name, #channel, addresses and :emoji:.
func Typed(typed string, names Names) (text string, blocks []map[string]any) {
	parts := split(strings.ReplaceAll(typed, "\r\n", "\n"), names)
	var elements []any
	for _, p := range parts {
		elements = append(elements, p.wire())
	}
	return render(parts), []map[string]any{{"type": "rich_text", "elements": elements}}
}

// split reads the paragraphs: first the fences, then the lines between them.
func split(s string, names Names) []part {
	var out []part
	for {
		before, rest, opened := strings.Cut(s, "```")
		code, after, closed := strings.Cut(rest, "```")
		if !opened || !closed || strings.TrimSpace(code) == "" {
			return append(out, lines(s, names)...)
		}
		out = append(out, lines(strings.TrimSuffix(before, "\n"), names)...)
		code = strings.TrimSuffix(strings.TrimPrefix(code, "\n"), "\n")
		out = append(out, part{kind: "preformatted", elements: []element{{kind: "text", text: code}}})
		s = strings.TrimPrefix(after, "\n")
	}
}

// lines reads text without fences.
func lines(s string, names Names) []part {
	if s == "" {
		return nil
	}
	var out []part
	for line := range strings.SplitSeq(s, "\n") {
		next := readLine(line, names)
		if len(out) > 0 && out[len(out)-1].join(next) {
			continue
		}
		out = append(out, next)
	}
	return out
}

func readLine(line string, names Names) part {
	if rest, ok := strings.CutPrefix(line, ">"); ok {
		return part{kind: "quote", elements: inline(strings.TrimPrefix(rest, " "), style{}, names)}
	}
	if m := bullet().FindStringSubmatch(line); m != nil {
		return part{kind: "list", indent: len(m[1]) / 2, items: [][]element{inline(m[2], style{}, names)}}
	}
	if m := number().FindStringSubmatch(line); m != nil {
		n, err := strconv.Atoi(m[2])
		if err == nil {
			return part{kind: "list", ordered: true, first: n, indent: len(m[1]) / 2, items: [][]element{inline(m[3], style{}, names)}}
		}
	}
	return part{kind: "section", elements: inline(line, style{}, names)}
}

// join takes the next line in, if it goes on with this paragraph.
func (p *part) join(next part) bool {
	if p.kind != next.kind || p.kind == "preformatted" {
		return false
	}
	if p.kind == "list" {
		if p.ordered != next.ordered || p.indent != next.indent {
			return false
		}
		p.items = append(p.items, next.items...)
		return true
	}
	p.elements = append(p.elements, element{kind: "text", text: "\n"})
	p.elements = append(p.elements, next.elements...)
	p.elements = merged(p.elements)
	return true
}

// merged joins neighbouring runs of text that look the same.
func merged(es []element) []element {
	var out []element
	for _, e := range es {
		if n := len(out); n > 0 && e.kind == "text" && out[n-1].kind == "text" && out[n-1].style == e.style {
			out[n-1].text += e.text
			continue
		}
		out = append(out, e)
	}
	return out
}

func (p part) wire() map[string]any {
	if p.kind == "list" {
		out := map[string]any{"type": "rich_text_list", "style": "bullet", "indent": p.indent, "border": 0}
		if p.ordered {
			out["style"] = "ordered"
			if p.first > 1 {
				out["offset"] = p.first - 1
			}
		}
		var items []any
		for _, i := range p.items {
			items = append(items, map[string]any{"type": "rich_text_section", "elements": wires(i)})
		}
		out["elements"] = items
		return out
	}
	out := map[string]any{"type": "rich_text_" + p.kind, "elements": wires(p.elements)}
	if p.kind == "preformatted" {
		out["border"] = 0
	}
	return out
}

func wires(es []element) []any {
	out := []any{}
	for _, e := range es {
		out = append(out, e.wire())
	}
	return out
}
