package pagetest

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// A Node is an element of a page.
type Node struct {
	Name     string
	Attrs    map[string]string
	Parent   *Node
	Children []*Node
	text     strings.Builder
}

// Parse reads a page or a part of one.
func Parse(html string) (*Node, error) {
	d := xml.NewDecoder(strings.NewReader("<page>" + html + "</page>"))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	at := &Node{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			page := at.Children[0]
			page.Parent = nil
			return page, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &Node{Name: token.Name.Local, Attrs: map[string]string{}, Parent: at}
			for _, a := range token.Attr {
				n.Attrs[a.Name.Local] = a.Value
			}
			at.Children = append(at.Children, n)
			at = n
		case xml.EndElement:
			if at.Parent != nil {
				at = at.Parent
			}
		case xml.CharData:
			for n := at; n != nil; n = n.Parent {
				n.text.Write(token)
			}
		}
	}
}

// Text is what a person reads in the node, spaces folded.
func (n *Node) Text() string { return strings.Join(strings.Fields(n.text.String()), " ") }

// All returns the nodes below n that a selector finds, in the page's order. It
// knows names, .classes, [attributes], [attributes=values] and descent.
func (n *Node) All(selector string) []*Node {
	steps := strings.Fields(selector)
	var found []*Node
	n.walk(func(c *Node) {
		if c.matches(steps, n) {
			found = append(found, c)
		}
	})
	return found
}

// One returns the first node a selector finds, or an empty one.
func (n *Node) One(selector string) *Node {
	if all := n.All(selector); len(all) > 0 {
		return all[0]
	}
	return &Node{}
}

// Texts returns the texts of all a selector finds.
func (n *Node) Texts(selector string) []string {
	var out []string
	for _, c := range n.All(selector) {
		out = append(out, c.Text())
	}
	return out
}

func (n *Node) walk(fn func(*Node)) {
	for _, c := range n.Children {
		fn(c)
		c.walk(fn)
	}
}

func (n *Node) matches(steps []string, top *Node) bool {
	if !n.simple(steps[len(steps)-1]) {
		return false
	}
	rest := steps[:len(steps)-1]
	if len(rest) == 0 {
		return true
	}
	for up := n.Parent; up != nil && up != top.Parent; up = up.Parent {
		if up.matches(rest, top) {
			return true
		}
	}
	return false
}

// simple matches one step: name.class[attr=value].
func (n *Node) simple(step string) bool {
	for step != "" {
		part := step[1:]
		end := strings.IndexAny(part, ".[#")
		if step[0] == '[' {
			end = strings.IndexByte(part, ']') + 1
		}
		if end < 0 {
			end = len(part)
		}
		token := step[:end+1]
		step = step[end+1:]
		if !n.has(token) {
			return false
		}
	}
	return true
}

func (n *Node) has(token string) bool {
	switch token[0] {
	case '.':
		return slices.Contains(strings.Fields(n.Attrs["class"]), token[1:])
	case '#':
		return n.Attrs["id"] == token[1:]
	case '[':
		name, value, valued := strings.Cut(strings.Trim(token, "[]"), "=")
		have, ok := n.Attrs[name]
		return ok && (!valued || have == strings.Trim(value, `"'`))
	}
	return n.Name == token
}
