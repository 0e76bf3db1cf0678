package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

type node = ast.Node

// A reader is one reading of a file. It walks the text itself, where the
// library would stop at the first thing that does not fit.
type reader struct {
	file     string
	where    map[string]string // path → place in the file
	problems Problems
}

// add adds a problem with its place, unless there is one with the same path: a
// value that could not be read is not missing too.
func (r *reader) add(p Problem) {
	for path := p.Path; path != ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		if place, ok := r.where[path]; ok {
			p.Path = place + ": " + p.Path
			break
		}
	}
	if !slices.ContainsFunc(r.problems, func(q Problem) bool { return q.Path == p.Path }) {
		r.problems = append(r.problems, p)
	}
}

func (r *reader) report(path, message string) {
	r.add(Problem{Path: path, Message: message})
}

// root returns the one document of a text.
func (r *reader) root(text []byte) (node, bool) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		r.report(r.file, "is not YAML: "+yaml.FormatError(err, false, false))
		return nil, false
	}
	var bodies []node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) != 1 {
		r.report(r.file, "must have one document, with keys such as issue_types and severities")
		return nil, false
	}
	return bodies[0], true
}

func (r *reader) note(n node, at string) {
	r.where[at] = fmt.Sprintf("%s:%d", r.file, n.GetToken().Position.Line)
}

// keys reads a mapping: each key by its own function, once.
func (r *reader) keys(n node, at string, read map[string]func(node, string)) {
	if at != "" {
		r.note(n, at)
	}
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.report(at, "must have keys of its own: "+known(read))
		return
	}
	for _, v := range values {
		key, _ := single(v.Key)
		path := strings.TrimPrefix(at+"."+key, ".")
		r.note(v.Key, path)
		f, ok := read[key]
		if !ok {
			r.report(path, "is not read; the keys here are "+known(read))
			continue
		}
		if v.Value.Type() != ast.NullType {
			f(v.Value, path)
		}
	}
}

func known(read map[string]func(node, string)) string {
	var keys []string
	for key := range read {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}

// list reads a sequence, each element by read.
func list[T any](r *reader, n node, at string, read func(node, string) T) []T {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		r.report(at, "must be a list: lines that begin with a dash")
		return nil
	}
	items := make([]T, len(sequence.Values))
	for i, v := range sequence.Values {
		path := at + "[" + strconv.Itoa(i) + "]"
		r.note(v, path)
		items[i] = read(v, path)
	}
	return items
}

// text returns the function that reads a single value into dst.
func (r *reader) text(dst *string) func(node, string) {
	return func(n node, at string) { *dst = r.scalar(n, at) }
}

// scalar reads a single value as it is written.
func (r *reader) scalar(n node, at string) string {
	text, ok := single(n)
	if !ok {
		r.report(at, "must be a single value")
	}
	return strings.TrimSpace(text)
}

func single(n node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}
