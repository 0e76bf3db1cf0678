package stored

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestRecentCasesAreBounded(t *testing.T) {
	m := NewRecent()
	row := func(i int) Case {
		var r Case
		r.Fixed.ID, r.Rare.Place = fmt.Sprintf("case %d", i), fmt.Sprintf("place %d", i)
		return r
	}
	for i := range 100_000 {
		m.Keep(row(i))
		if m.bytes > maxRecent {
			t.Fatalf("%d cases take %d bytes, want at most %d", len(m.rows), m.bytes, maxRecent)
		}
	}
	if last := m.Get("", "place 99999"); last == nil || last.Fixed.ID != "case 99999" {
		t.Errorf("at the last place: got %+v, want case 99999", last)
	}
	m.Forget()
	for range 100_000 {
		m.Keep(row(7))
	}
	moved := row(7)
	moved.Rare.Place = "elsewhere"
	m.Keep(moved)
	if len(m.rows) != 1 || m.bytes > 1000 || m.Get("", "place 7") != nil || m.Get("", "elsewhere") == nil {
		t.Errorf("one case kept often: got %d rows of %d bytes at %v", len(m.rows), m.bytes, m.places)
	}
}

// What is kept of a case is its row and little else: not the texts that its
// keys were cut out of, and no row that was kept before.
func TestRecentCasesHoldNoEarlierRows(t *testing.T) {
	const cases = 2000
	m := NewRecent()
	texts := make([]string, cases)
	for round := range 4 {
		for i := range cases {
			r := m.Get("", fmt.Sprintf("place %d", i))
			if r == nil {
				texts[i] = fmt.Sprintf("case %d place %d", i, i) + strings.Repeat(" and more", 200)
				if round > 0 {
					t.Fatalf("case %d is not kept", i)
				}
				r = new(Case)
				r.Fixed.ID, _, _ = strings.Cut(texts[i], " place")
				r.Rare.Place, r.Fixed.Description = fmt.Sprintf("place %d", i), strings.Repeat("x", 300)
			}
			r.Hot.lastSeq++
			m.Keep(*r)
		}
	}
	clear(texts)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m.Forget()
	m.rows, m.places = nil, nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := (before.HeapAlloc - after.HeapAlloc) / cases; each > 600 {
		t.Errorf("keeping a case of 350 bytes takes %d, want at most 600", each)
	}
	runtime.KeepAlive(m)
}
