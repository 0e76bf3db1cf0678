package work

import (
	"context"
	"strings"
	"testing"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A shelf has cases, and counts how many are read.
type shelf struct {
	store.CaseReader
	cases map[desk.CaseID]desk.Case
	read  int
}

func (s *shelf) Cases(_ context.Context, ids []desk.CaseID) (found []desk.Case, err error) {
	for _, id := range ids {
		if c, ok := s.cases[id]; ok {
			s.read++
			found = append(found, c)
		}
	}
	return found, nil
}

func (s *shelf) put(id desk.CaseID, revision int64, state desk.ChatState) store.CaseHint {
	s.cases[id] = desk.Case{ID: id, Revision: revision, Chat: desk.ChatSession{State: state, Agent: "jane"}}
	return store.CaseHint{Case: id, Revision: revision}
}

func TestOnlyWhatChangedIsReadAgain(t *testing.T) {
	s := &shelf{cases: map[desk.CaseID]desk.Case{}}
	var k kept
	a, b := s.put("a", 1, desk.ChatRequested), s.put("b", 1, desk.ChatRequested)
	gone := store.CaseHint{Case: "gone", Revision: 1}
	newer := store.CaseHint{Case: "a", Revision: 2}
	for _, look := range []struct {
		about string
		lists [][]store.CaseHint
		read  int
		want  [][]int64 // revisions
	}{
		{"at first", [][]store.CaseHint{{b, a}, {}, {a, gone}}, 2, [][]int64{{1, 1}, {}, {1}}},
		{"again", [][]store.CaseHint{{a}, {b}}, 2, [][]int64{{1}, {1}}},
		{"after a change", [][]store.CaseHint{{newer, b}}, 3, [][]int64{{2, 1}}},
		{"by a hint that is old by now", [][]store.CaseHint{{a}}, 4, [][]int64{{2}}},
	} {
		if look.about == "after a change" {
			s.put("a", 2, desk.ChatRequested)
		}
		got, err := k.lists(t.Context(), s, look.lists...)
		if err != nil {
			t.Fatal(err)
		}
		if s.read != look.read {
			t.Errorf("%s: got %d cases read so far, want %d", look.about, s.read, look.read)
		}
		for i, list := range got {
			if len(list) != len(look.want[i]) {
				t.Fatalf("%s: got %d cases in list %d, want %d", look.about, len(list), i, len(look.want[i]))
			}
			for j, c := range list {
				if c.ID != look.lists[i][j].Case || c.Revision != look.want[i][j] {
					t.Errorf("%s: got %s at %d, want %s at %d", look.about, c.ID, c.Revision, look.lists[i][j].Case, look.want[i][j])
				}
			}
		}
	}
}

func TestOnlySoManyCasesAreKept(t *testing.T) {
	s := &shelf{cases: map[desk.CaseID]desk.Case{}}
	var k kept
	for i := range 2 * maxKept {
		h := s.put(desk.NewCaseID("111122223333", 2026, uint64(i)), 1, desk.ChatRequested)
		if _, err := k.lists(t.Context(), s, []store.CaseHint{h}); err != nil {
			t.Fatal(err)
		}
		if len(k.cases) > maxKept {
			t.Fatalf("%d cases are kept", len(k.cases))
		}
	}
}

// Cases whose descriptions are long take more room than others.
func TestOnlySoMuchOfCasesIsKept(t *testing.T) {
	s := &shelf{cases: map[desk.CaseID]desk.Case{}}
	var k kept
	for i := range 2 * maxKept {
		id := desk.NewCaseID("111122223333", 2026, uint64(i%(maxKept-1)))
		h := s.put(id, int64(1+i), desk.ChatRequested)
		c := s.cases[id]
		c.Description = strings.Repeat("é", desk.MaxDescription)
		s.cases[id] = c
		if _, err := k.lists(t.Context(), s, []store.CaseHint{h}); err != nil {
			t.Fatal(err)
		}
		bytes := 0
		for _, c := range k.cases {
			bytes += room(c)
		}
		if bytes > maxRoom || bytes != k.room || bytes == 0 {
			t.Fatalf("%d cases with %d bytes are kept, counted as %d", len(k.cases), bytes, k.room)
		}
	}
}

// A long description is not kept with the row that shows how it begins.
func TestRowsAreKeptWithoutLongDescriptions(t *testing.T) {
	for _, words := range []int{10, 3000} {
		c := desk.Case{Description: strings.Repeat("word ", words)}
		row := Row{Case: &c}
		q := Frame{Base: drawn.Base{Clockface: drawn.Clockface{Zone: time.UTC}}}.queueRow(&row)
		if q.Preview() != row.Preview() || q.Preview() == "" || len(q.Said)+len(q.Description) > maxText {
			t.Errorf("%d words: got %q with %d bytes of description", words, q.Preview(), len(q.Description))
		}
	}
}

// A case that came into another state between two reads is in no list that it is
// no longer of.
func TestListsHaveWhatBelongsThere(t *testing.T) {
	s := &shelf{cases: map[desk.CaseID]desk.Case{}}
	for id, state := range map[desk.CaseID]desk.ChatState{"waits": desk.ChatRequested, "runs": desk.ChatInProgress, "ended": desk.ChatEnded} {
		s.put(id, 1, state)
	}
	var all []*desk.Case
	for _, id := range []desk.CaseID{"waits", "runs", "ended"} {
		c := s.cases[id]
		all = append(all, &c)
	}
	list := func() []*desk.Case { return append([]*desk.Case(nil), all...) }
	got := sorted([][]*desk.Case{list(), list(), list()}, desk.Agent{ID: "jane"}, nil)
	for i, want := range []desk.CaseID{"waits", "runs", "ended"} {
		if len(got[i]) != 1 || got[i][0].ID != want {
			t.Errorf("list %d: got %v, want %s only", i, got[i], want)
		}
	}
}
