package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

const (
	pollLanes = 1000 // lanes one look at the database takes in, if there are no more
	laneTurn  = 16   // tries a lane may have before others get their turn
)

// Run works deliveries until ctx is done. Then it claims no more, lets the
// tries that run end within Options.Drain, settles them, and returns nil.
func (o *Outbox) Run(ctx context.Context) error {
	stop := o.store.Watch(o.hint)
	defer stop()
	// What a try has begun must be settled, so a stop does not cut it short
	// at once.
	tries, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cut(nil)
	turn := func(ctx context.Context, lane desk.Lane) time.Time { return o.turn(ctx, tries, lane) }

	var parts sync.WaitGroup
	parts.Go(func() { o.poll(ctx) })
	parts.Go(func() { o.words.Run(ctx, turn) })
	parts.Go(func() { o.files.Run(ctx, turn) })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		parts.Wait()
	}()

	<-ctx.Done()
	drained := time.NewTimer(o.opt.Drain)
	defer drained.Stop()
	select {
	case <-ended:
	case <-drained.C:
		cut(errStopped)
		<-ended
	}
	return nil
}

// hint hears what a commit touched.
func (o *Outbox) hint(h store.Hint) {
	for _, lane := range h.Deliveries {
		if lane.Mail() != o.opt.Mail {
			continue
		}
		o.runner(lane).Wake(lane, time.Time{})
	}
	if h.All {
		o.rush()
	}
}

// rush has all lanes looked at.
func (o *Outbox) rush() {
	select {
	case o.hurry <- struct{}{}:
	default:
	}
}

// poll finds the lanes that no hint told of.
func (o *Outbox) poll(ctx context.Context) {
	tick := time.NewTicker(o.opt.Poll)
	defer tick.Stop()
	lanes := o.store.OpenLanes
	if o.opt.Mail {
		lanes = o.store.MailLanes
	}
	for limit := pollLanes; ; {
		open, err := lanes(ctx, limit)
		if err != nil && ctx.Err() == nil {
			o.opt.Log.Error("open deliveries not read", slog.Any("err", err))
		}
		for _, l := range open {
			o.runner(l.Lane).Wake(l.Lane, o.doors.due(l.Lane, l.Due))
		}
		if limit = pollLanes; len(open) >= limit {
			limit = 2 * len(open) // those that wait for long must not hide the others
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-o.hurry:
		}
	}
}

// turn works a lane: it takes what was claimed early or claims the head, tries
// it, settles it and claims what follows, until nothing is due or others should
// get their turn. stopping ends the claiming, tries the trying.
func (o *Outbox) turn(stopping, tries context.Context, lane desk.Lane) (again time.Time) {
	t, err := o.first(stopping, lane)
	if err != nil {
		if stopping.Err() == nil {
			o.opt.Log.Error("lane not worked", slog.String("lane", string(lane)), slog.Any("err", err))
		}
		return time.Time{} // the next poll comes back to it
	}
	for n := 1; t.claimed; n++ {
		v := o.try(tries, t)
		o.tell(t, v)
		o.heard(o.opt.Who(t.delivery), lane, v, t.probe)
		if o.storms.heard(t.buckets, v, o.opt.Now()) >= o.opt.Silence {
			o.opt.Spoke()
		}
		if v.Shut {
			v.At = o.opt.Now() // the circuit knows when, and may be healed before
		}
		follow := v.Kind == desk.Sent || v.Kind == desk.Refused
		t, err = o.settle(tries, t, v, follow && n < laneTurn && stopping.Err() == nil)
		if err != nil {
			return time.Time{} // the claim runs out, and a poll finds it
		}
	}
	if t.waits != "" {
		if err := o.opt.Waits(tries, t.waits); err != nil && tries.Err() == nil {
			o.opt.Log.Error("not told that words wait", slog.String("case", string(t.waits)), slog.Any("err", err))
		}
	}
	return t.again
}
