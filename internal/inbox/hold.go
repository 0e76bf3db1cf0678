package inbox

import (
	"context"
	"errors"
	"sync"

	"caseline/internal/desk"
)

// errHeld ends an update that came upon a held lane.
var errHeld = errors.New("an earlier event of the lane is being stored")

// holds are the lanes whose newest event failed at its first try, from before
// that try is rolled back until the event is stored by itself. A later event
// of such a lane, finding it idle, would be applied before the earlier one.
// Other nodes do not know of it: Slack gives each its events in no order.
type holds struct {
	mu    sync.Mutex // guards lanes; held for one look or one write
	lanes map[desk.Lane]*hold
}

// A hold is released when done is closed.
type hold struct {
	done chan struct{}
	by   string // the event's key
}

// take holds a lane for an event, unless another holds it already.
func (h *holds) take(lane desk.Lane, by string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lanes == nil {
		h.lanes = map[desk.Lane]*hold{}
	}
	if h.lanes[lane] == nil {
		h.lanes[lane] = &hold{done: make(chan struct{}), by: by}
	}
}

// release ends an event's hold, if it has one.
func (h *holds) release(lane desk.Lane, by string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if held := h.lanes[lane]; held != nil && held.by == by {
		close(held.done)
		delete(h.lanes, lane)
	}
}

// others reports whether another event than by holds the lane.
func (h *holds) others(lane desk.Lane, by string) bool { return h.of(lane, by) != nil }

func (h *holds) of(lane desk.Lane, by string) *hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	if held := h.lanes[lane]; held != nil && held.by != by {
		return held
	}
	return nil
}

// wait returns when no other event holds the lane.
func (h *holds) wait(ctx context.Context, lane desk.Lane, by string) error {
	for {
		held := h.of(lane, by)
		if held == nil {
			return nil
		}
		select {
		case <-held.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
