package sqlstore

import (
	"fmt"
	"testing"
)

func TestRecentCasesAreBounded(t *testing.T) {
	m := newRecent()
	row := func(i int) caseRow {
		var r caseRow
		r.fixed.id, r.rare.place = fmt.Sprintf("case %d", i), fmt.Sprintf("place %d", i)
		return r
	}
	for i := range 100_000 {
		m.keep(row(i))
		if m.bytes > maxRecent {
			t.Fatalf("%d cases take %d bytes, want at most %d", len(m.rows), m.bytes, maxRecent)
		}
	}
	if last := m.get("", "place 99999"); last == nil || last.fixed.id != "case 99999" {
		t.Errorf("at the last place: got %+v, want case 99999", last)
	}
	m.forget()
	for range 100_000 {
		m.keep(row(7))
	}
	moved := row(7)
	moved.rare.place = "elsewhere"
	m.keep(moved)
	if len(m.rows) != 1 || m.bytes > 1000 || m.get("", "place 7") != nil || m.get("", "elsewhere") == nil {
		t.Errorf("one case kept often: got %d rows of %d bytes at %v", len(m.rows), m.bytes, m.places)
	}
}
