package tenants

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/install"
	"caseline/internal/slack/nap"
)

// A Set has the tenants. It may be used by many goroutines. Make one with [New].
type Set struct {
	parts   Parts
	changed chan struct{} // tenants came or went, or are to
	turn    chan struct{} // has one in it while somebody admits a tenant

	mu      sync.RWMutex // guards what follows; held for one look or one write
	tenants map[desk.WorkspaceID]*tenant
	apps    map[desk.WorkspaceID]install.App // of the tenants that are installed by OAuth
	coming  map[desk.WorkspaceID]install.App // whom Slack is to be asked about
	leaving map[desk.WorkspaceID]string      // whose chats are to end, and why
}

// New returns a Set without tenants.
func New(p Parts) *Set {
	return &Set{
		parts: p, changed: make(chan struct{}, 1), turn: make(chan struct{}, 1), tenants: map[desk.WorkspaceID]*tenant{},
		apps:   map[desk.WorkspaceID]install.App{},
		coming: map[desk.WorkspaceID]install.App{}, leaving: map[desk.WorkspaceID]string{},
	}
}

// Keep has the tenants' installations kept by k. It comes before any of them.
func (s *Set) Keep(k Keeper) { s.parts.Keeper = k }

// Add adds the tenant of slack.bot_token, in whose workspace our app is self.
func (s *Set) Add(self served.Workspace, client *api.Client) {
	s.add(newTenant(&s.parts, self, client, install.App{}), install.App{})
}

// add adds a tenant, or puts it in another's place. What waited to be sent there
// goes.
func (s *Set) add(t *tenant, app install.App) {
	w := t.self.ID
	s.mu.Lock()
	s.tenants[w] = t
	delete(s.leaving, w)
	s.mu.Unlock()
	s.settled(w, app)
	s.change()
	s.parts.Gate.Heal(string(w))
}

// settled notes that the tenant of a workspace is what an installation makes of it.
func (s *Set) settled(w desk.WorkspaceID, app install.App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps[w] = app
	if s.coming[w] == app {
		delete(s.coming, w)
	}
}

// serving returns the tenant of a workspace and its installation, if there are any.
func (s *Set) serving(w desk.WorkspaceID) (*tenant, install.App) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.tenants[w], s.apps[w]
}

func (s *Set) change() {
	select {
	case s.changed <- struct{}{}:
	default: // it is known already
	}
}

// of returns the tenant of a workspace, or nil.
func (s *Set) of(w desk.WorkspaceID) *tenant {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.tenants[w]
}

// all returns the tenants there are.
func (s *Set) all() []*tenant {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*tenant, 0, len(s.tenants))
	for _, t := range s.tenants {
		all = append(all, t)
	}
	return all
}

// lookAgain is how often it is looked which tenants there are; each change says so.
const lookAgain = time.Hour

// comeAgain is how soon it is tried again to admit a tenant, or to end the chats
// of one that has gone.
const comeAgain = 10 * time.Second

// Run has the tenants do what they do by themselves, those that come too, until
// ctx ends or one of them fails.
func (s *Set) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ends := map[*tenant]context.CancelFunc{}
	for {
		s.follow(ctx, ends, func(t *tenant, own context.Context) {
			running.Go(func() {
				t.run(own, func(err error) { stop(fmt.Errorf("workspace %s: %w", t.self.ID, err)) })
			})
		})
		rest := lookAgain
		if !s.settle(ctx) {
			rest = comeAgain
		}
		if !nap.For(ctx, rest, s.changed, nil) {
			return context.Cause(ctx)
		}
	}
}

// follow starts the tenants that have come and ends those that have gone.
func (s *Set) follow(ctx context.Context, ends map[*tenant]context.CancelFunc, start func(*tenant, context.Context)) {
	there := map[*tenant]bool{}
	for _, t := range s.all() {
		there[t] = true
		if ends[t] == nil {
			own, end := context.WithCancel(ctx)
			ends[t] = end
			start(t, own)
		}
	}
	for t, end := range ends {
		if !there[t] {
			end()
			delete(ends, t)
		}
	}
}

// settle admits who is coming and sees off who is leaving. It reports whether
// that was all.
func (s *Set) settle(ctx context.Context) (all bool) {
	s.mu.RLock()
	coming, leaving := make([]install.App, 0, len(s.coming)), map[desk.WorkspaceID]string{}
	for _, app := range s.coming {
		coming = append(coming, app)
	}
	for w, why := range s.leaving {
		leaving[w] = why
	}
	s.mu.RUnlock()
	all = true
	for _, app := range coming {
		if err := s.admit(ctx, app); err != nil && ctx.Err() == nil {
			s.parts.Log.Warn("a workspace is not served yet", slog.String("workspace", string(app.Workspace)), slog.Any("err", err))
			all = false
		}
	}
	for w, why := range leaving {
		if err := s.seeOff(ctx, w, why); err != nil && ctx.Err() == nil {
			s.parts.Log.Error("workspace's state not written down", slog.String("workspace", string(w)), slog.Any("err", err))
			all = false
		}
	}
	return all
}
