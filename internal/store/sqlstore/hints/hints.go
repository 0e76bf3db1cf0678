package hints

import (
	"slices"
	"sync"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Hints collect what updates touched; the same thing twice is told once.
type Hints struct{ store.Hint }

// Empty reports whether nothing was touched.
func (h *Hints) Empty() bool {
	return !h.All && !h.Agents && !h.People && len(h.Cases) == 0 && len(h.Deliveries) == 0 && len(h.Events) == 0 && len(h.Looks) == 0
}

// Reset forgets everything but keeps the room.
func (h *Hints) Reset() {
	h.Hint = store.Hint{Cases: h.Cases[:0], Deliveries: h.Deliveries[:0], Events: h.Events[:0], Looks: h.Looks[:0]}
}

// TouchCase adds how far a case has come.
func (h *Hints) TouchCase(id desk.CaseID, seq, revision int64) {
	for i := range h.Cases {
		if c := &h.Cases[i]; c.Case == id {
			c.Seq, c.Revision = max(c.Seq, seq), max(c.Revision, revision)
			return
		}
	}
	h.Cases = append(h.Cases, store.CaseHint{Case: id, Seq: seq, Revision: revision})
}

// TouchDelivery adds a lane that has something to deliver.
func (h *Hints) TouchDelivery(lane desk.Lane) { h.Deliveries = addLane(h.Deliveries, lane) }

// TouchEvent adds a lane that has something to apply.
func (h *Hints) TouchEvent(lane desk.Lane) { h.Events = addLane(h.Events, lane) }

// TouchLooks adds a case of which it changed who looks at it.
func (h *Hints) TouchLooks(id desk.CaseID) {
	if !slices.Contains(h.Looks, id) {
		h.Looks = append(h.Looks, id)
	}
}

func addLane(lanes []desk.Lane, lane desk.Lane) []desk.Lane {
	if slices.Contains(lanes, lane) {
		return lanes
	}
	return append(lanes, lane)
}

// Merge adds what others touched.
func (h *Hints) Merge(o store.Hint) {
	h.All = h.All || o.All
	h.Agents = h.Agents || o.Agents
	h.People = h.People || o.People
	for _, c := range o.Cases {
		h.TouchCase(c.Case, c.Seq, c.Revision)
	}
	for _, l := range o.Deliveries {
		h.TouchDelivery(l)
	}
	for _, l := range o.Events {
		h.TouchEvent(l)
	}
	for _, id := range o.Looks {
		h.TouchLooks(id)
	}
}

// Watchers are everybody who wants hints.
type Watchers struct {
	mu   sync.RWMutex // guards all; held while hints are told, which must be quick
	next int
	all  map[int]func(store.Hint)
}

// Add has fn told of every commit until stop is called.
func (w *Watchers) Add(fn func(store.Hint)) (stop func()) {
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

// Tell gives everybody a copy of h that is theirs to keep.
func (w *Watchers) Tell(h store.Hint) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, fn := range w.all {
		fn(store.Hint{
			All: h.All, Agents: h.Agents, People: h.People,
			Cases:      slices.Clone(h.Cases),
			Deliveries: slices.Clone(h.Deliveries),
			Events:     slices.Clone(h.Events),
			Looks:      slices.Clone(h.Looks),
		})
	}
}
