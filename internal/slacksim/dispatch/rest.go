package dispatch

import (
	"context"
	"time"
)

// A resting says when Run last had nothing to do but wait for the clock.
type resting struct {
	at      time.Time     // by the simulation's clock; zero while requests are under way
	changed chan struct{} // closed and replaced whenever at is set
}

// rest notes that Run is about to wait, with its timer set.
func (k *desk) rest() {
	k.d.mu.Lock()
	defer k.d.mu.Unlock()
	k.d.resting.at = time.Time{}
	if k.sending == 0 {
		k.d.resting.at = k.d.clock.Now()
	}
	close(k.d.resting.changed)
	k.d.resting.changed = make(chan struct{})
}

// Settle returns when everything that there is and that is due by the simulation's
// clock was sent and answered, and Run waits for what is due next.
func (d *Dispatcher) Settle(ctx context.Context) error {
	// The second round takes in what the first one changed; after it Run waits, for
	// nothing has it look again.
	for rests := 0; rests < 2; {
		looked := make(chan struct{})
		select {
		case d.look <- looked:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		select {
		case <-looked:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		d.mu.Lock()
		at, changed := d.resting.at, d.resting.changed
		d.mu.Unlock()
		if at.Equal(d.clock.Now()) {
			rests++
			continue
		}
		rests = 0
		if !at.IsZero() {
			continue // the clock has moved since
		}
		select {
		case <-changed: // what was under way is done
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
