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
	// The first rest may be that of a round which began before there was what
	// the caller waits for.
	for rests := 0; ; {
		d.mu.Lock()
		changed := d.resting.changed
		d.mu.Unlock()
		select {
		case d.changed <- struct{}{}: // Run has another look
		default:
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		d.mu.Lock()
		if d.resting.at.Equal(d.clock.Now()) {
			rests++
		}
		d.mu.Unlock()
		if rests == 2 {
			return nil
		}
	}
}
