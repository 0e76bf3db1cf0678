package config

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Redacted returns the configuration as it would be written, with its secrets
// hidden: fit to be printed.
func (c *Config) Redacted() string {
	text, err := yaml.Marshal(c)
	if err != nil {
		return "# " + err.Error() + "\n" // unreachable unless Config gets a field that YAML cannot have
	}
	return string(text)
}

// readYAML sets the fields of v, a struct, from a YAML text, and reports
// whether it is one. It walks the text itself, where the library would stop at
// the first thing that does not fit.
func (l *loader) readYAML(text []byte, v reflect.Value) bool {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		// Without the lines of the file, which may hold secrets.
		l.report("", l.base(), "is not YAML: "+yaml.FormatError(err, false, false))
		return false
	}
	for i, doc := range file.Docs {
		if i > 0 && doc.Body != nil {
			l.report("", l.place(doc.Body), "has several documents; write one")
			return false
		}
		if doc.Body != nil {
			l.set(doc.Body, v, "")
		}
	}
	return true
}

// base is the file's name as problems have it.
func (l *loader) base() string { return filepath.Base(l.file) }

// place is the place of a node as problems have it.
func (l *loader) place(n ast.Node) string {
	return fmt.Sprintf("%s:%d", l.base(), n.GetToken().Position.Line)
}

// set sets v, the field at path, from the node.
func (l *loader) set(n ast.Node, v reflect.Value, path string) {
	if path != "" {
		l.where[path] = l.place(n)
	}
	if n.Type() == ast.NullType {
		return // a key without a value keeps its default
	}
	switch {
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[Secret]():
		l.setStruct(n, v, path)
	case v.Kind() == reflect.Slice:
		l.setSlice(n, v, path)
	default:
		text, ok := scalar(n)
		if !ok {
			l.report(path, l.place(n), "must be a single value")
			return
		}
		if err := setScalar(v, text); err != nil {
			l.report(path, l.place(n), err.Error())
		}
	}
}

func (l *loader) setStruct(n ast.Node, v reflect.Value, path string) {
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		what := "must have keys of its own: " + strings.Join(keysOf(v.Type()), ", ")
		if path == "" {
			what = "must begin with keys such as " + strings.Join(keysOf(v.Type())[:3], ", ")
		}
		l.report(path, l.place(n), what)
		return
	}
	for _, entry := range mapping.Values {
		key, ok := scalar(entry.Key)
		field, known := fieldOf(v, key)
		if !ok || !known {
			l.unknown(key, entry, v.Type(), path)
			continue
		}
		l.set(entry.Value, field, join(path, key))
	}
}

// unknown reports a key that nobody reads.
func (l *loader) unknown(key string, entry *ast.MappingValueNode, in reflect.Type, path string) {
	hint := didYouMean(key, keysOf(in))
	if hint == "" {
		hint = didYouMean(key, allPaths(reflect.TypeFor[Config](), ""))
	}
	if hint == "" {
		hint = "; remove it"
	}
	l.report(join(path, key), l.place(entry.Key), "is not a setting"+hint)
}

func (l *loader) setSlice(n ast.Node, v reflect.Value, path string) {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		if text, single := scalar(n); single && isScalar(v.Type().Elem()) {
			l.setList(v, []string{text}, path, l.place(n))
			return
		}
		l.report(path, l.place(n), "must be a list: lines that begin with a dash")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(sequence.Values), len(sequence.Values)))
	for i, element := range sequence.Values {
		l.set(element, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// setList sets a list of single values.
func (l *loader) setList(v reflect.Value, texts []string, path, where string) {
	v.Set(reflect.MakeSlice(v.Type(), len(texts), len(texts)))
	for i, text := range texts {
		l.where[fmt.Sprintf("%s[%d]", path, i)] = where
		if err := setScalar(v.Index(i), text); err != nil {
			l.report(path, where, err.Error())
		}
	}
}

// scalar returns the text of a node that holds a single value, as it is
// written: an account's number keeps its leading zeros.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// isScalar reports whether a field of the type holds a single value.
func isScalar(t reflect.Type) bool {
	return t.Kind() != reflect.Slice && (t.Kind() != reflect.Struct || t == reflect.TypeFor[Secret]())
}

// setScalar sets a field that holds a single value.
func setScalar(v reflect.Value, text string) error {
	switch field := v.Addr().Interface().(type) {
	case *Secret:
		*field = NewSecret(text)
	case *string:
		*field = text
	case *Deletions:
		*field = Deletions(text)
	case *SecondFactor:
		*field = SecondFactor(text)
	case *MailTLS:
		*field = MailTLS(text)
	case *Pace:
		*field = Pace(text)
	case *bool:
		on, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("must be true or false, not %q", text)
		}
		*field = on
	case *Switch:
		switch text {
		case "auto":
			*field = Auto
		case "true":
			*field = On
		case "false":
			*field = Off
		default:
			return fmt.Errorf("must be true, false or auto, not %q", text)
		}
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("must be a whole number, not %q", text)
		}
		*field = n
	case *Bytes:
		size, err := ParseBytes(text)
		if err != nil {
			return fmt.Errorf("%w, not %q", err, text)
		}
		*field = size
	case *time.Duration:
		d, err := parseDuration(text)
		if err != nil {
			return fmt.Errorf("%w, not %q", err, text)
		}
		*field = d
	default:
		// unreachable unless Config gets a field of a new kind; TestEveryFieldCanBeSet finds it.
		return fmt.Errorf("cannot be set: no reader for %s", v.Type())
	}
	return nil
}

// fieldOf returns the field of a struct that has the name in the file.
func fieldOf(v reflect.Value, name string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if yamlName(v.Type().Field(i)) == name {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// keysOf returns the names in the file of a struct's fields.
func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, yamlName(t.Field(i)))
	}
	return keys
}

// allPaths returns the paths of all settings, those in lists excepted.
func allPaths(t reflect.Type, path string) []string {
	var paths []string
	for i := range t.NumField() {
		f := t.Field(i)
		p := join(path, yamlName(f))
		paths = append(paths, p)
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[Secret]() {
			paths = append(paths, allPaths(f.Type, p)...)
		}
	}
	return paths
}
