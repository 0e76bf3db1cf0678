package console_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// A node is an element of a page.
type node struct {
	name  string
	attrs map[string]string
	inner []*node
	text  string // its own and its children's
	up    *node
}

// parsePage reads a page of ours, or a part of one, and fails the test when
// it is not well formed.
func parsePage(t testing.TB, page string) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	root := &node{}
	at := root
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("page is not well formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local, attrs: map[string]string{}, up: at}
			for _, a := range token.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			at.inner = append(at.inner, n)
			at = n
		case xml.EndElement:
			at = at.up
		case xml.CharData:
			for n := at; n != nil; n = n.up {
				n.text += string(token)
			}
		}
	}
	if at != root {
		t.Fatalf("page leaves <%s> open", at.name)
	}
	return root
}

// all returns the elements that a selector names: tag, #id, .class, [attr],
// [attr=value], together, with spaces for "somewhere inside".
func (n *node) all(selector string) []*node {
	found := []*node{n}
	for part := range strings.FieldsSeq(selector) {
		var next []*node
		for _, from := range found {
			from.walk(func(m *node) {
				if m.is(part) {
					next = append(next, m)
				}
			})
		}
		found = next
	}
	return found
}

func (n *node) walk(visit func(*node)) {
	for _, child := range n.inner {
		visit(child)
		child.walk(visit)
	}
}

func (n *node) is(part string) bool {
	for part != "" {
		end := len(part)
		if i := strings.IndexAny(part[1:], "#.["); i >= 0 {
			end = i + 1
		}
		one := part[:end]
		part = part[end:]
		switch one[0] {
		case '#':
			if n.attrs["id"] != one[1:] {
				return false
			}
		case '.':
			if !strings.Contains(" "+n.attrs["class"]+" ", " "+one[1:]+" ") {
				return false
			}
		case '[':
			name, value, valued := strings.Cut(strings.Trim(one, "[]"), "=")
			got, has := n.attrs[name]
			if !has || valued && got != value {
				return false
			}
		default:
			if n.name != one {
				return false
			}
		}
	}
	return true
}

// one returns the only element that a selector names.
func (n *node) one(t testing.TB, selector string) *node {
	t.Helper()
	found := n.all(selector)
	if len(found) != 1 {
		t.Fatalf("%s: got %d elements, want 1", selector, len(found))
	}
	return found[0]
}

// says is the text of the only element that a selector names, in one line.
func (n *node) says(t testing.TB, selector string) string {
	t.Helper()
	return strings.Join(strings.Fields(n.one(t, selector).text), " ")
}
