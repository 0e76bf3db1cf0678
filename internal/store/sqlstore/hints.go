package sqlstore

import (
	"slices"
	"sync"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// hints collects what updates touched; the same thing twice is told once.
type hints struct {
	store.Hint
	noted []desk.PersonID // who is now known to be in the database
}

func (h *hints) empty() bool {
	return !h.All && !h.Agents && !h.People && len(h.Cases) == 0 && len(h.Deliveries) == 0 && len(h.Events) == 0
}

// reset forgets everything but keeps the room.
func (h *hints) reset() {
	h.noted = h.noted[:0]
	h.Hint = store.Hint{Cases: h.Cases[:0], Deliveries: h.Deliveries[:0], Events: h.Events[:0]}
}

func (h *hints) touchCase(id desk.CaseID, seq, revision int64) {
	for i := range h.Cases {
		if c := &h.Cases[i]; c.Case == id {
			c.Seq, c.Revision = max(c.Seq, seq), max(c.Revision, revision)
			return
		}
	}
	h.Cases = append(h.Cases, store.CaseHint{Case: id, Seq: seq, Revision: revision})
}

func (h *hints) touchDelivery(lane desk.Lane) { h.Deliveries = addLane(h.Deliveries, lane) }
func (h *hints) touchEvent(lane desk.Lane)    { h.Events = addLane(h.Events, lane) }

func addLane(lanes []desk.Lane, lane desk.Lane) []desk.Lane {
	if slices.Contains(lanes, lane) {
		return lanes
	}
	return append(lanes, lane)
}

func (h *hints) merge(o store.Hint) {
	h.All = h.All || o.All
	h.Agents = h.Agents || o.Agents
	h.People = h.People || o.People
	for _, c := range o.Cases {
		h.touchCase(c.Case, c.Seq, c.Revision)
	}
	for _, l := range o.Deliveries {
		h.touchDelivery(l)
	}
	for _, l := range o.Events {
		h.touchEvent(l)
	}
}

// A watchers is everybody who wants hints.
type watchers struct {
	mu   sync.RWMutex // guards all; held while hints are told, which must be quick
	next int
	all  map[int]func(store.Hint)
}

func (w *watchers) add(fn func(store.Hint)) (stop func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = make(map[int]func(store.Hint))
	}
	id := w.next
	w.next++
	w.all[id] = fn
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, id)
	}
}

// tell gives everybody a copy of h that is theirs to keep.
func (w *watchers) tell(h store.Hint) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, fn := range w.all {
		fn(store.Hint{
			All: h.All, Agents: h.Agents, People: h.People,
			Cases:      slices.Clone(h.Cases),
			Deliveries: slices.Clone(h.Deliveries),
			Events:     slices.Clone(h.Events),
		})
	}
}
