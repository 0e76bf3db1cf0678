package home

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/nap"
	"caseline/internal/store"
)

const (
	lately    = 8 * time.Hour    // how long after it was opened a home is shown anew
	maxCases  = 100              // of one person that are looked at
	rest      = 3 * time.Second  // between two showings of one home that nobody asked for
	lookEvery = 30 * time.Second // how often to look for what no hint told of
	overlap   = 5 * time.Second  // how far each look reaches back: clocks differ, and commits end out of order
	firstWait = time.Second      // after a failure that may pass; each further one doubles it
	longWait  = time.Minute      // but not beyond this
	politely  = 10 * time.Minute // between two answers to somebody who writes to the app
	maxBite   = 1000             // cases looked at at once; more, and all homes are shown
)

// A shelf reads what homes show, and notes who looks.
type shelf interface {
	Update(ctx context.Context, fn func(store.Tx) error) error
	Watch(fn func(store.Hint)) (stop func())
	store.HomeReader
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	ChangedCases(ctx context.Context, since time.Time, limit int) ([]store.CaseChange, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
}

// A wall is where homes are shown, and people answered who write to the app.
type wall interface {
	PublishView(ctx context.Context, user string, view any) error
	PostMessage(ctx context.Context, p api.Post) (ts string, err error)
}

// Options are what a Home can do without.
type Options struct {
	Workspace desk.WorkspaceID // whose people's homes are shown; default: everybody's
	Log       *slog.Logger     // default: none
	Now       func() time.Time // default: time.Now
	Pace      *pace.Table      // default: Slack's own limits
	Rest      time.Duration    // between two showings of one home that nobody asked for; default 3 s
	// Level is what a severity is called and how soon it is answered; default: as
	// desk says.
	Level func(desk.Severity) desk.Level
	// Command is what people type to reach us; default /support.
	Command string
}

// A Home shows people their home tab. Make one with [New].
type Home struct {
	store     shelf
	slack     wall
	reach     *Reach
	installed *ident.Installed
	opt       Options

	urgent chan struct{} // somebody waits
	hints  chan struct{} // cases changed

	mu       sync.Mutex                  // guards what follows; held for one look or one write
	due      map[desk.PersonID]showing   // homes to show
	changed  map[desk.CaseID]struct{}    // cases whose homes are to be found
	all      bool                        // hints were lost
	writers  []writer                    // to be answered
	answered map[desk.PersonID]time.Time // when somebody was

	shown  map[desk.PersonID]shown // only Run touches it
	polled time.Time               // when the store was asked what changed; only Run touches it
}

// A showing is a home that is due.
type showing struct {
	page  int
	at    time.Time // not before
	asked bool      // somebody waits, so it is shown even if it looks the same
	tries int       // that failed
}

// A shown is a home as it was shown last.
type shown struct {
	sum [32]byte
	at  time.Time
}

// A writer wrote to the app in a channel of theirs and the app's.
type writer struct {
	who     desk.PersonID
	channel string
}

// New returns a Home of what s has, shown in Slack to people by what reach says.
func New(s shelf, slack wall, reach *Reach, installed *ident.Installed, o Options) *Home {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pace == nil {
		limits := pace.Slack()
		o.Pace = &limits
	}
	if o.Rest <= 0 {
		o.Rest = rest
	}
	if o.Command == "" {
		o.Command = "/support"
	}
	return &Home{
		store: s, slack: slack, reach: reach, installed: installed, opt: o,
		urgent: make(chan struct{}, 1), hints: make(chan struct{}, 1),
		due: map[desk.PersonID]showing{}, changed: map[desk.CaseID]struct{}{}, answered: map[desk.PersonID]time.Time{},
		shown: map[desk.PersonID]shown{},
	}
}

// Open notes that somebody opened their home, or turned to a page of it, and has
// it shown at once.
func (h *Home) Open(ctx context.Context, w desk.WorkspaceID, user string, page int) error {
	who := ident.Person(w, user)
	h.reach.Forget(who)
	err := h.store.Update(ctx, func(tx store.Tx) error {
		return tx.SaveHome(ctx, &store.Home{Person: who, Page: page, OpenedAt: h.opt.Now()})
	})
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.due[who] = showing{page: page, asked: true}
	h.mu.Unlock()
	nudge(h.urgent)
	return nil
}

// Wrote notes that somebody wrote to the app, and has them told where to write.
func (h *Home) Wrote(w desk.WorkspaceID, user, channel string) {
	who, now := ident.Person(w, user), h.opt.Now()
	h.mu.Lock()
	last, known := h.answered[who]
	if known && now.Sub(last) < politely {
		h.mu.Unlock()
		return
	}
	if len(h.answered) >= maxKnown {
		clear(h.answered)
	}
	h.answered[who] = now
	h.writers = append(h.writers, writer{who: who, channel: channel})
	h.mu.Unlock()
	nudge(h.urgent)
}

// hint notes which cases changed. It returns at once.
func (h *Home) hint(n store.Hint) {
	if !n.All && len(n.Cases) == 0 {
		return
	}
	h.mu.Lock()
	h.all = h.all || n.All || len(h.changed) > maxBite
	for _, c := range n.Cases {
		h.changed[c.Case] = struct{}{}
	}
	h.mu.Unlock()
	nudge(h.hints)
}

func nudge(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default: // it is awake
	}
}

// Run shows homes until ctx is done.
func (h *Home) Run(ctx context.Context) error {
	stop := h.store.Watch(h.hint)
	defer stop()
	h.polled = h.opt.Now()
	h.hint(store.Hint{All: true}) // what was open when we stopped
	show, post := h.buckets("views.publish"), h.buckets("chat.postMessage")
	var looked time.Time
	gather := h.opt.Rest / 3 // between two looks at what changed
	for {
		h.answer(ctx, post)
		if wait := gather - h.opt.Now().Sub(looked); wait <= 0 {
			looked = h.opt.Now()
			if err := h.look(ctx); err != nil {
				h.warn(ctx, "homes not looked up", err)
			}
		}
		wait := min(h.showDue(ctx, show), lookEvery)
		hints := h.hints
		if left := gather - h.opt.Now().Sub(looked); left > 0 && h.pending() {
			wait, hints = min(wait, left), nil
		}
		if !nap.For(ctx, wait, h.urgent, hints) {
			return nil
		}
	}
}

func (h *Home) buckets(method string) []pace.Bucket {
	return []pace.Bucket{{Limit: h.opt.Pace.Rule(method).Method}}
}

// pending reports whether cases changed at which nobody looked.
func (h *Home) pending() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.all || len(h.changed) > 0
}

// poll returns, now and then, what changed since it did so before.
func (h *Home) poll(ctx context.Context, now time.Time) ([]store.CaseChange, error) {
	if now.Sub(h.polled) < lookEvery {
		return nil, nil
	}
	changes, err := h.store.ChangedCases(ctx, h.polled.Add(-overlap), maxBite)
	if err == nil {
		h.polled = now
	}
	return changes, err
}

// look finds whose homes have changed.
func (h *Home) look(ctx context.Context) error {
	now := h.opt.Now()
	since := now.Add(-lately)
	changes, err := h.poll(ctx, now)
	if err != nil {
		return err
	}
	open, err := h.store.OpenHomes(ctx, since)
	if err != nil {
		return err
	}
	// Without a home of ours nobody need be asked which cases are on whose.
	open = slices.DeleteFunc(open, h.others)
	h.mu.Lock()
	all, cases := h.all || len(changes) >= maxBite, h.changed
	h.all, h.changed = false, map[desk.CaseID]struct{}{}
	h.mu.Unlock()
	for _, c := range changes {
		cases[c.Case] = struct{}{}
	}
	switch {
	case len(open) == 0:
		clear(h.shown)
		return nil
	case all:
		h.put(open)
		return nil
	}
	for id := range cases {
		homes, err := h.store.HomesWith(ctx, id, since)
		if err != nil {
			h.hint(store.Hint{All: true}) // some of the others
			return err
		}
		h.put(homes)
	}
	return nil
}

// others reports whether a home is of another workspace.
func (h *Home) others(home store.Home) bool {
	w, _, _ := ident.SplitPerson(home.Person)
	return h.opt.Workspace != "" && w != h.opt.Workspace
}

// put has homes shown, each when it has rested.
func (h *Home) put(homes []store.Home) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, home := range homes {
		if h.others(home) {
			continue
		}
		if _, is := h.due[home.Person]; !is {
			h.due[home.Person] = showing{page: home.Page, at: h.shown[home.Person].at.Add(h.opt.Rest)}
		}
	}
}
