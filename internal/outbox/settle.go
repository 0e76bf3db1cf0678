package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/lanes"
	"caseline/internal/store"
)

// settle writes down what a try came to and, if follow is set, claims what is
// next in the lane by the same commit. It tries for as long as the claim
// holds; after that, somebody else has looked or will.
func (o *Outbox) settle(ctx context.Context, t turn, v desk.Verdict, follow bool) (next turn, err error) {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), o.opt.Grace, errSettleTimeout)
	defer cancel()
	wait := lanes.Backoff{First: 10 * time.Millisecond, Max: time.Second}
	for n := 1; ; n++ {
		next, err = o.settleOnce(ctx, t, v, follow)
		switch {
		case err == nil:
			return next, nil
		case errors.Is(err, desk.ErrConflict) && !follow:
			// It is settled already, by us if only the answer was lost.
			o.unsettled(t, err)
			return turn{again: o.opt.Now()}, nil
		case ctx.Err() != nil:
			o.unsettled(t, err)
			return turn{}, err
		}
		follow = false // it may be what follows that cannot be claimed
		pause(ctx, wait.After(n))
	}
}

// unsettled logs that a try's outcome could not be written down.
func (o *Outbox) unsettled(t turn, err error) {
	why := err.Error()
	if p, ok := errors.AsType[*lanes.PanicError](err); ok {
		why += "\n" + p.Stack
	}
	o.opt.Log.Error("delivery not settled", slog.Int64("delivery", int64(t.delivery.ID)), slog.String("case", string(t.delivery.Case)),
		slog.Int("attempt", t.delivery.Attempts), slog.String("err", why))
}

// settleOnce is one try of settle.
func (o *Outbox) settleOnce(ctx context.Context, t turn, v desk.Verdict, follow bool) (next turn, err error) {
	c := o.newClaim(t.delivery.Lane) // to what follows
	d := t.delivery.Settle(v, c.now)
	err = o.store.Update(ctx, func(tx store.Tx) error {
		next = turn{again: later(v, c.now)}
		err := lanes.Guard(func() error { return o.settled(ctx, tx, t.delivery, v) })
		if err != nil {
			return fmt.Errorf("record delivery %d as %s: %w", d.ID, v.Kind, err)
		}
		if err := tx.Settle(ctx, &d, t.token); err != nil {
			return fmt.Errorf("settle delivery %d as %s: %w", d.ID, v.Kind, err)
		}
		if v.Kind == desk.Retry && v.Hold != "" {
			return hold(ctx, tx, t.buckets, v)
		}
		if follow {
			next, err = o.take(ctx, tx, c)
		}
		return err
	})
	if err != nil {
		next = turn{}
	}
	o.untried(c, next)
	return next, err
}

// pause waits for d, or until ctx is done.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
