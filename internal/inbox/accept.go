package inbox

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Accept stores an event, and applies it at once when nothing else waits in
// its lane. When Accept returns without an error the event is durable and
// Slack may be told so. An event whose Key is already there changes nothing:
// added is false, which is a success.
func (b *Inbox) Accept(ctx context.Context, e desk.Event) (added bool, err error) {
	if e.ReceivedAt.IsZero() {
		e.ReceivedAt = b.opt.Now()
	}
	defer b.holds.release(e.Lane, e.Key)
	a := arrival{event: e}
	for {
		err = b.store.Update(ctx, func(tx store.Tx) error {
			a = arrival{event: e}
			return b.arrive(ctx, tx, &a)
		})
		if !errors.Is(err, errHeld) {
			break
		}
		if err := b.holds.wait(ctx, e.Lane, e.Key); err != nil {
			return false, fmt.Errorf("accept event %s: %w", e.Key, err)
		}
	}
	if err != nil && a.tried && ctx.Err() == nil {
		// Nothing of that update remains. The event itself must. Whether
		// apply returned the error or the database did, because of something
		// that apply had asked of it, is the same.
		a, err = b.keep(ctx, e, err)
	}
	if err != nil {
		return false, fmt.Errorf("accept event %s: %w", e.Key, err)
	}
	b.count(a)
	return a.added, nil
}

// An arrival is what one update made of an event.
type arrival struct {
	event  desk.Event
	added  bool
	tried  bool  // to apply it
	failed error // why that failed
}

// arrive stores the event, done if its lane is idle and it can be applied. It
// is stored before it is applied, so that of two that arrive together the
// second waits for the first's key and not for its case.
func (b *Inbox) arrive(ctx context.Context, tx store.Tx, a *arrival) (err error) {
	a.added, err = tx.Arrive(ctx, &a.event)
	if err != nil || !a.added || a.event.State == desk.EventPending {
		return err
	}
	a.tried = true
	waiting := a.event // what Run would find, had this not been done at once
	waiting.State, waiting.Attempts = desk.EventPending, 0
	if err := b.guarded(ctx, tx, waiting); err != nil {
		b.holds.take(a.event.Lane, a.event.Key)
		return err
	}
	// Where updates run side by side, this one may have waited for an earlier
	// one of its lane that then failed.
	if b.holds.others(a.event.Lane, a.event.Key) {
		a.tried = false
		return errHeld
	}
	return nil
}

// keep stores an event whose first try failed.
func (b *Inbox) keep(ctx context.Context, e desk.Event, failed error) (a arrival, err error) {
	e = b.judge(e, failed)
	err = b.store.Update(ctx, func(tx store.Tx) error {
		var err error
		a = arrival{event: e, tried: true, failed: failed}
		a.added, err = tx.AddEvent(ctx, &a.event)
		return err
	})
	return a, err
}

func (b *Inbox) count(a arrival) {
	switch {
	case !a.added:
		b.counted.duplicates.Add(1)
		return
	case a.failed != nil:
		b.tell(a.event, a.failed)
	case a.event.State == desk.EventDone:
		b.counted.applied.Add(1)
	}
	b.counted.stored.Add(1)
}
