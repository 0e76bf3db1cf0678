package wiretest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
)

// Unknown is a field that no documentation tells of.
const Unknown = "from_the_future"

// Mutations are payload, which is a JSON object, with one thing wrong at a time,
// each by what was done to it: every field left out, null and of each other
// kind, every list with null and something odd in it, and every object with a
// field that nobody knows. With -short it is every fifth of them.
func Mutations(t testing.TB, payload []byte) iter.Seq2[string, []byte] {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	var whole map[string]any
	if err := d.Decode(&whole); err != nil {
		t.Fatal(err)
	}
	return func(yield func(string, []byte) bool) {
		m := mutator{whole: whole, yield: yield, every: 1}
		if testing.Short() {
			m.every = 5
		}
		m.object("", whole)
	}
}

// A mutator changes one part of whole, hands the whole out, and puts the part
// back.
type mutator struct {
	whole map[string]any
	yield func(string, []byte) bool
	every int // of which only one is handed out
	n     int
	done  bool
}

func (m *mutator) hand(what string) {
	if m.n++; m.done || m.n%m.every != 0 {
		return
	}
	body, err := json.Marshal(m.whole)
	if err != nil {
		panic(err) // cannot happen: it was JSON
	}
	m.done = !m.yield(what, body)
}

// others are one value of each kind, and those of no length.
func others() map[string]any {
	return map[string]any{
		"null": nil, "a text": "7", "an empty text": "", "a number": json.Number("7"), "a large number": json.Number("1e400"), "a flag": true,
		"a list": []any{"x", nil, json.Number("7")}, "an empty list": []any{}, "an object": map[string]any{"id": "X0"}, "an empty object": map[string]any{},
	}
}

func (m *mutator) object(path string, o map[string]any) {
	o[Unknown] = map[string]any{"type": "message", "list": []any{nil, map[string]any{"deep": "er"}}}
	m.hand(path + "." + Unknown)
	delete(o, Unknown)
	for _, key := range slices.Sorted(maps.Keys(o)) {
		was, at := o[key], path+"."+key
		delete(o, key)
		m.hand(at + " left out")
		for _, kind := range slices.Sorted(maps.Keys(others())) {
			o[key] = others()[kind]
			m.hand(at + " is " + kind)
		}
		o[key] = was
		m.inside(at, was)
	}
}

func (m *mutator) list(path string, l []any) {
	for i, was := range l {
		at := fmt.Sprintf("%s[%d]", path, i)
		for _, kind := range slices.Sorted(maps.Keys(others())) {
			l[i] = others()[kind]
			m.hand(at + " is " + kind)
		}
		l[i] = was
		m.inside(at, was)
	}
}

func (m *mutator) inside(path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		m.object(path, v)
	case []any:
		m.list(path, v)
	}
}
