package keep

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// A Table is one kind of rows by key. Rows are never changed in place: change
// a copy and Put it.
type Table[T any] struct {
	Kind string
	Rows map[string]*T
}

// NewTable returns an empty table. Kind is its name in the journal.
func NewTable[T any](kind string) Table[T] {
	return Table[T]{kind, map[string]*T{}}
}

// Put stores a row and notes it in the log.
func (t *Table[T]) Put(l *Log, key string, row T) {
	t.Rows[key] = &row
	l.Record(t.Kind, key, row)
}

// Drop removes a row, if it is there, and notes that.
func (t *Table[T]) Drop(l *Log, key string) {
	if _, ok := t.Rows[key]; !ok {
		return
	}
	delete(t.Rows, key)
	l.Forget(t.Kind, key)
}

// Sorted returns the rows in the order of their keys, which for ids is the
// order in which they came to be.
func (t *Table[T]) Sorted() []*T {
	out := make([]*T, 0, len(t.Rows))
	for _, k := range slices.Sorted(maps.Keys(t.Rows)) {
		out = append(out, t.Rows[k])
	}
	return out
}

// Load takes in one record of the journal.
func (t *Table[T]) Load(key string, value json.RawMessage) error {
	if value == nil {
		delete(t.Rows, key)
		return nil
	}
	row := new(T)
	if err := json.Unmarshal(value, row); err != nil {
		return err
	}
	t.Rows[key] = row
	return nil
}

// Dump notes every row in the log.
func (t *Table[T]) Dump(l *Log) {
	for k, row := range t.Rows {
		l.Record(t.Kind, k, row)
	}
}

// A Log gathers the records of one operation.
type Log struct {
	off     bool
	records []record
}

// A record is the new value of one row, or its end.
type record struct {
	Kind  string          `json:"k"`
	Key   string          `json:"i"`
	Value json.RawMessage `json:"v,omitempty"` // absent when the row is gone
}

// Record notes the new value of a row.
func (l *Log) Record(kind, key string, row any) {
	if l.off {
		return
	}
	raw, err := json.Marshal(row)
	if err != nil {
		// unreachable: rows hold only values that can be written as JSON
		panic(fmt.Sprintf("slacksim: keep %s %s: %v", kind, key, err))
	}
	l.records = append(l.records, record{kind, key, raw})
}

// Forget notes that a row is gone.
func (l *Log) Forget(kind, key string) {
	if !l.off {
		l.records = append(l.records, record{Kind: kind, Key: key})
	}
}

// Deref returns the row and whether there is one.
func Deref[T any](p *T) (T, bool) {
	if p == nil {
		var zero T
		return zero, false
	}
	return *p, true
}

// Values returns the rows by themselves.
func Values[T any](ps []*T) []T {
	out := make([]T, len(ps))
	for i, p := range ps {
		out[i] = *p
	}
	return out
}
