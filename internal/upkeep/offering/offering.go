package offering

import (
	"context"
	"log/slog"
	"time"
)

// Options are what Offers can be given; the zero value works.
type Options struct {
	Log   *slog.Logger     // default: none
	Now   func() time.Time // default: the system clock
	Every time.Duration    // how long at most from one sweep to the next; default 5 s
	Rest  time.Duration    // how long at least; default 200 ms
}

// A desk does what is planned for waiting chats, and says when something is due by
// itself. It wakes whoever watches when something has changed that may matter.
type desk interface {
	Sweep(ctx context.Context) (next time.Time, err error)
	Wake(wake func()) (stop func())
}

// Offers has chats offered. Make it with New, Run it once.
type Offers struct {
	desk desk
	opt  Options
}

// New returns Offers.
func New(d desk, o Options) *Offers {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = 5 * time.Second
	}
	if o.Rest <= 0 {
		o.Rest = 200 * time.Millisecond
	}
	return &Offers{desk: d, opt: o}
}

// Run sweeps until ctx ends. What fails is logged and tried again by the next
// sweep.
func (o *Offers) Run(ctx context.Context) error {
	wake := make(chan struct{}, 1)
	defer o.desk.Wake(func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})()
	for {
		next, err := o.desk.Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			o.opt.Log.Error("offering chats failed", slog.Any("err", err))
		}
		if err := o.rest(ctx, nil, o.opt.Rest); err != nil {
			return err
		}
		if err := o.rest(ctx, wake, o.until(next)); err != nil {
			return err
		}
	}
}

// until is how long it is until something is due.
func (o *Offers) until(next time.Time) time.Duration {
	if next.IsZero() {
		return o.opt.Every
	}
	return max(0, min(o.opt.Every, next.Sub(o.opt.Now())))
}

// rest waits for a time, or to be woken.
func (o *Offers) rest(ctx context.Context, wake <-chan struct{}, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
