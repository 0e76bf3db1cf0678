package outbox

import (
	"context"
	"sync"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// early has what was claimed by the commit that queued it, until its lane is
// worked.
type early struct {
	mu    sync.Mutex // guards turns; held for one step of the map
	turns map[desk.Lane]turn
}

func (e *early) put(lane desk.Lane, t turn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.turns[lane] = t
}

func (e *early) take(lane desk.Lane) (t turn, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t, ok = e.turns[lane]
	delete(e.turns, lane)
	return t, ok
}

// Update runs fn as the store's Update does. If nobody works the lane, what fn
// leaves at its head is claimed by the same commit and tried right after it, so
// that somebody's words wait for one commit and not for two. Whether it can be
// claimed changes nothing for fn, which may run once more for it.
func (o *Outbox) Update(ctx context.Context, lane desk.Lane, fn func(store.Tx) error) error {
	give := o.runner(lane).Take(lane)
	if give == nil {
		return o.store.Update(ctx, fn)
	}
	defer give()
	t, unclaimed, err := o.claimAfter(ctx, lane, fn)
	if unclaimed {
		return o.store.Update(ctx, fn) // the turn that give begins will claim it, or say why not
	}
	o.early.put(lane, t)
	return err
}

// first is the turn that was begun early, or else claims the head of the lane.
func (o *Outbox) first(ctx context.Context, lane desk.Lane) (turn, error) {
	if t, ok := o.early.take(lane); ok {
		return t, nil
	}
	return o.claim(ctx, lane)
}
