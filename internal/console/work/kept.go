package work

import (
	"context"
	"sync"

	"caseline/internal/desk"
	"caseline/internal/store"
)

const (
	maxKept = 1000    // cases that are kept of those that lists show
	maxRoom = 8 << 20 // bytes that they take, of which most is descriptions
)

// room is how many bytes a case takes, about.
func room(c *desk.Case) int { return 1<<10 + len(c.Description) }

// A kept keeps cases as lists showed them last. Most have not changed when a list
// is shown again, and reading how far a case has come takes a tenth of reading
// it. A case that is kept is shown as it was at its Revision, which grows with
// every change that a page could show. The zero kept is ready to be used.
type kept struct {
	mu    sync.Mutex // guards what follows, for map operations only
	cases map[desk.CaseID]*desk.Case
	room  int // bytes that they take
}

// lists returns the cases of lists of hints, each in its list's order. A case that
// has come further since than its hint says is returned as it is now; one that is
// gone is left out. They are others' too: nobody may write to what they hold.
func (k *kept) lists(ctx context.Context, read store.CaseReader, hints ...[]store.CaseHint) ([][]*desk.Case, error) {
	have, lacking := k.find(hints)
	fresh, err := read.Cases(ctx, lacking)
	if err != nil {
		return nil, err
	}
	for _, c := range fresh {
		have[c.ID] = &c
	}
	k.keep(have, lacking)
	out := make([][]*desk.Case, len(hints))
	for i, list := range hints {
		out[i] = make([]*desk.Case, 0, len(list))
		for _, h := range list {
			if c := have[h.Case]; c != nil {
				out[i] = append(out[i], c)
			}
		}
	}
	return out, nil
}

// find returns those that are kept as hints say, and the ids of the others.
func (k *kept) find(hints [][]store.CaseHint) (have map[desk.CaseID]*desk.Case, lacking []desk.CaseID) {
	have = make(map[desk.CaseID]*desk.Case, 2*Listed)
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, list := range hints {
		for _, h := range list {
			if _, seen := have[h.Case]; seen {
				continue
			}
			c := k.cases[h.Case]
			if c == nil || c.Revision != h.Revision {
				c = nil
				lacking = append(lacking, h.Case)
			}
			have[h.Case] = c
		}
	}
	return have, lacking
}

// keep keeps cases that were read just now. It keeps some and begins anew.
func (k *kept) keep(read map[desk.CaseID]*desk.Case, ids []desk.CaseID) {
	if len(ids) == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	more := 0
	for _, id := range ids {
		if c := read[id]; c != nil {
			more += room(c)
		}
	}
	if k.cases == nil || len(k.cases)+len(ids) > maxKept || k.room+more > maxRoom {
		k.cases, k.room = make(map[desk.CaseID]*desk.Case), 0
	}
	for _, id := range ids {
		c := read[id]
		if c == nil {
			continue
		}
		if was := k.cases[id]; was != nil {
			k.room -= room(was)
		}
		k.cases[id] = c
		k.room += room(c)
	}
}
