package inbox

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"caseline/internal/desk"
	"caseline/internal/lanes"
	"caseline/internal/store"
)

// Apply makes an event's effects, in the update that marks it done. It holds
// nothing but calls on tx and pure code, for it may run more than once. The
// event's Attempts are the tries before this one. An error that is a
// *desk.Refusal is final, a *Later is no failure; any other is tried again.
type Apply func(ctx context.Context, tx store.Tx, e desk.Event) error

// Options are what an Inbox can do without. The zero Options work.
type Options struct {
	Log *slog.Logger     // default: none
	Now func() time.Time // default: time.Now

	Workers   int           // lanes worked at once; default 4
	Attempts  int           // tries before an event is dead; default 10
	Backoff   lanes.Backoff // between the tries; default 500 ms doubling to a minute, three minutes in all
	Retention time.Duration // how long done events are kept, to know duplicates; default 48 h
	Poll      time.Duration // how often to look for what no hint told of; default 1 s
	Purge     time.Duration // how often to delete old events; default 10 s
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Workers = or(o.Workers, 4)
	o.Attempts = or(o.Attempts, 10)
	o.Backoff = o.Backoff.Or(lanes.Backoff{First: 500 * time.Millisecond, Max: time.Minute})
	o.Retention = or(o.Retention, 48*time.Hour)
	o.Poll = or(o.Poll, time.Second)
	o.Purge = or(o.Purge, 10*time.Second)
	return o
}

func or[N int | time.Duration](n, otherwise N) N {
	if n <= 0 {
		return otherwise
	}
	return n
}

// An Inbox takes in events. Make one with [New].
type Inbox struct {
	store   store.Store
	apply   Apply
	opt     Options
	runner  *lanes.Runner[desk.Lane]
	hurry   chan struct{} // hints were lost: look at everything
	holds   holds
	counted counts
}

// counts is Stats as it grows.
type counts struct {
	stored, applied, duplicates, refused, failed, dead atomic.Int64
}

// Stats count what became of events since the Inbox was made.
type Stats struct {
	Stored     int64 // accepted and new
	Applied    int64 // done, with their effects
	Duplicates int64 // accepted and already there
	Refused    int64 // done without effects: a rule said no
	Failed     int64 // tries that failed and will be repeated, or were the last
	Dead       int64 // given up
}

// New returns an Inbox that keeps events in s and gives them to apply.
func New(s store.Store, apply Apply, o Options) *Inbox {
	o = o.withDefaults()
	return &Inbox{
		store:  s,
		apply:  apply,
		opt:    o,
		runner: lanes.New[desk.Lane](o.Workers, o.Now),
		hurry:  make(chan struct{}, 1),
	}
}

// Stats returns what became of events so far.
func (b *Inbox) Stats() Stats {
	c := &b.counted
	return Stats{
		Stored:     c.stored.Load(),
		Applied:    c.applied.Load(),
		Duplicates: c.duplicates.Load(),
		Refused:    c.refused.Load(),
		Failed:     c.failed.Load(),
		Dead:       c.dead.Load(),
	}
}
