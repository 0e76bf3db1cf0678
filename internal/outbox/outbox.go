package outbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/lanes"
	"caseline/internal/store"
)

// The causes of contexts that end.
var (
	errTryTimeout    = errors.New("the try took too long")
	errSettleTimeout = errors.New("settling took too long")
	errStopped       = errors.New("the outbox was stopped")
)

// Options are what an Outbox can do without. The zero Options work.
type Options struct {
	Log *slog.Logger     // default: none
	Now func() time.Time // default: time.Now

	Mail      bool // works the lanes of mail and no others; default: all others
	Lanes     int  // lanes worked at once; default 16
	FileLanes int  // lanes of files worked at once, besides the others; default 4

	TryTimeout   time.Duration // of one call of the Sender; default 8 s, and four times that to put a page of history on its case
	FetchTimeout time.Duration // the same for a file; default 2 min
	Grace        time.Duration // how long a claim outlives its try, for settling it; default 4 s
	LookAfter    time.Duration // how soon after an unknown try to look; default 2 s
	Backoff      lanes.Backoff // between tries that failed; default 1 s doubling to a minute
	Drain        time.Duration // how long running tries may go on after a stop; default 10 s
	Poll         time.Duration // how often to look for what no hint told of; default 1 s

	// Who must let a delivery in: when they do not, those of others are tried all
	// the same. It is called inside a transaction: no I/O. Default: all are one's.
	Who func(d desk.Delivery) string

	Silence time.Duration                                   // how long Slack must have given no answer, or none but that it is called too often, for Spoke to be called; default 1 min
	Waits   func(ctx context.Context, id desk.CaseID) error // called when pace keeps words of a case for longer than a second; default: nothing
	Spoke   func()                                          // called when Slack answers again, for it may have told nothing meanwhile; default: nothing
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Lanes = or(o.Lanes, 16)
	o.FileLanes = or(o.FileLanes, 4)
	o.TryTimeout = or(o.TryTimeout, 8*time.Second)
	o.FetchTimeout = or(o.FetchTimeout, 2*time.Minute)
	o.Grace = or(o.Grace, 4*time.Second)
	o.LookAfter = or(o.LookAfter, 2*time.Second)
	o.Backoff = o.Backoff.Or(lanes.Backoff{First: time.Second, Max: time.Minute})
	o.Drain = or(o.Drain, 10*time.Second)
	o.Poll = or(o.Poll, time.Second)
	o.Silence = or(o.Silence, time.Minute)
	if o.Who == nil {
		o.Who = func(desk.Delivery) string { return "" }
	}
	if o.Waits == nil {
		o.Waits = func(context.Context, desk.CaseID) error { return nil }
	}
	if o.Spoke == nil {
		o.Spoke = func() {}
	}
	return o
}

func or[N int | time.Duration](n, otherwise N) N {
	if n <= 0 {
		return otherwise
	}
	return n
}

// An Outbox works deliveries. Make one with [New].
type Outbox struct {
	store   store.Store
	sender  Sender
	settled Settled
	opt     Options
	words   *lanes.Runner[desk.Lane]
	files   *lanes.Runner[desk.Lane] // apart, so that large files never hold up words
	pacing  pacing
	doors   doors
	storms  storms
	hurry   chan struct{} // hints were lost: look at everything
	early   early
}

// New returns an Outbox that works the deliveries of s with sender, and tells
// settled of each try.
func New(s store.Store, sender Sender, settled Settled, o Options) *Outbox {
	o = o.withDefaults()
	return &Outbox{
		store:   s,
		sender:  sender,
		settled: settled,
		opt:     o,
		words:   lanes.New[desk.Lane](o.Lanes, o.Now),
		files:   lanes.New[desk.Lane](o.FileLanes, o.Now),
		doors:   doors{slack: &circuit{backoff: o.Backoff, patience: o.TryTimeout + o.Grace}, shut: map[string]*circuit{}, kept: map[desk.Lane]string{}},
		hurry:   make(chan struct{}, 1),
		early:   early{turns: map[desk.Lane]turn{}},
	}
}

func (o *Outbox) runner(lane desk.Lane) *lanes.Runner[desk.Lane] {
	if lane.Files() {
		return o.files
	}
	return o.words
}

// timeout is how long one try of d may take.
func (o *Outbox) timeout(d desk.Delivery) time.Duration {
	switch {
	case d.Kind == desk.DeliverFetch || d.Kind == desk.DeliverUpload:
		return o.opt.FetchTimeout
	case d.Kind.ReadsHistory():
		return 4 * o.opt.TryTimeout
	}
	return o.opt.TryTimeout
}
