package feed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// ErrStopped is what a subscription's Next returns once the feed has stopped.
var ErrStopped = errors.New("the feed has stopped")

// A Change says that something is to be looked at anew. Exactly one of Case,
// Agents, People, Looks and Reload is set.
type Change struct {
	Case     desk.CaseID
	Seq      int64 // of the case's newest entry
	Revision int64 // of the case

	Agents bool        // an agent's presence or account changed
	People bool        // somebody's name in Slack became known
	Looks  desk.CaseID // who looks at a case or types there changed
	Reload bool        // anything may have changed
}

// Options are what a Feed can do without. The zero Options work.
type Options struct {
	Log *slog.Logger     // default: none
	Now func() time.Time // default: time.Now

	Poll    time.Duration // how often to look for what no hint told of; default 1 s
	Overlap time.Duration // how far each look reaches back before the last: clocks differ, and commits end out of order; default 5 s
	Keep    int           // cases the journal holds; default 4096
	// Rest is the pause after waking subscribers, for each one woken: it
	// bounds what all of them together cost while much changes. Default 50 µs,
	// some twice what it costs to write to one.
	Rest time.Duration
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Poll = or(o.Poll, time.Second)
	o.Overlap = or(o.Overlap, 5*time.Second)
	o.Keep = or(o.Keep, 4096)
	o.Rest = or(o.Rest, 50*time.Microsecond)
	return o
}

func or[N int | time.Duration](n, otherwise N) N {
	if n <= 0 {
		return otherwise
	}
	return n
}

// A Feed tells subscribers of changes. Make one with [New].
type Feed struct {
	store  store.Store
	opt    Options
	notes  notes
	inform chan struct{} // there are notes
	hurry  chan struct{} // hints were lost: look at everything

	mu      sync.RWMutex // guards what follows; held for a walk over what is new
	journal journal
	wake    chan struct{} // closed when the journal has grown
	more    chan struct{} // always closed: the journal has grown already
	waiting int           // subscribers that wait for wake
	stopped bool
}

// New returns a Feed of what changes in s.
func New(s store.Store, o Options) *Feed {
	o = o.withDefaults()
	more := make(chan struct{})
	close(more)
	return &Feed{
		store:   s,
		opt:     o,
		notes:   notes{most: o.Keep},
		inform:  make(chan struct{}, 1),
		hurry:   make(chan struct{}, 1),
		journal: newJournal(o.Keep),
		wake:    make(chan struct{}),
		more:    more,
	}
}

// Run follows the store until ctx is done. Then all subscriptions end, and it
// returns nil.
func (f *Feed) Run(ctx context.Context) error {
	f.open(true)
	defer f.open(false)
	stop := f.store.Watch(f.hint)
	defer stop()
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { f.poll(ctx) })

	rest := time.NewTimer(0)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.inform:
		}
		woken := f.publish()
		rest.Reset(time.Duration(woken) * f.opt.Rest)
		select {
		case <-ctx.Done():
			return nil
		case <-rest.C:
		}
	}
}

// open lets subscriptions wait, or ends them.
func (f *Feed) open(is bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = !is
	f.broadcast()
}

// publish enters the notes into the journal and wakes who waits for them.
func (f *Feed) publish() (woken int) {
	h := f.notes.take()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.journal.enter(h) {
		return 0
	}
	return f.broadcast()
}

// broadcast wakes all who wait.
func (f *Feed) broadcast() (woken int) {
	woken, f.waiting = f.waiting, 0
	if woken > 0 {
		close(f.wake)
		f.wake = make(chan struct{})
	}
	return woken
}

// Named tells subscribers that something in Slack has another name than pages may
// show.
func (f *Feed) Named() { f.hint(store.Hint{People: true}) }

// hint hears what a commit touched.
func (f *Feed) hint(h store.Hint) {
	if h.All {
		h.Agents, h.People = true, true
		signal(f.hurry)
	}
	if f.notes.add(h) {
		signal(f.inform)
	}
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default: // it is on its way already
	}
}
