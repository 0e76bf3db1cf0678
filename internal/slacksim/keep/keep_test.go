package keep

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func open(t *testing.T, path string) (*Table[string], *Journal, Stamp) {
	t.Helper()
	table := NewTable[string]("word")
	j, stamp, err := Open(path, map[string]Loader{"word": &table})
	if err != nil {
		t.Fatal(err)
	}
	return &table, j, stamp
}

func TestJournalIsReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.jsonl")
	table, j, _ := open(t, path)
	write := func(stamp Stamp, do func(l *Log)) {
		t.Helper()
		l := j.Log()
		do(l)
		if err := j.Append(stamp, l); err != nil {
			t.Fatal(err)
		}
	}
	write(Stamp{1, 1}, func(l *Log) { table.Put(l, "a", "one"); table.Put(l, "b", "two") })
	write(Stamp{2, 2}, func(l *Log) { table.Put(l, "a", "uno"); table.Drop(l, "b"); table.Drop(l, "nothing") })
	write(Stamp{3, 3}, func(l *Log) { table.Put(l, "c", "tre") })
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"t":4,"n":4,"r":[{"k":"word","i":"d","v":"qua`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for range 2 { // as it was written, and as it was rewritten
		again, j2, stamp := open(t, path)
		var got []string
		for _, w := range again.Sorted() {
			got = append(got, *w)
		}
		if diff := cmp.Diff([]string{"uno", "tre"}, got); diff != "" {
			t.Error(diff)
		}
		if stamp != (Stamp{3, 3}) {
			t.Errorf("stamp = %v", stamp)
		}
		if err := j2.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestBytes(t *testing.T) {
	for _, dir := range []string{"", filepath.Join(t.TempDir(), "files")} {
		b, err := OpenBytes(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Get("F1"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("nothing there: %v", err)
		}
		if err := b.Put("F1", []byte("x")); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Get("F1"); err != nil || string(got) != "x" {
			t.Errorf("got %q, %v", got, err)
		}
	}
}
