package tenants

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
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
	word    map[desk.WorkspaceID]int         // how often Put and Remove had something to say
}

// New returns a Set without tenants.
func New(p Parts) *Set {
	return &Set{
		parts: p, changed: make(chan struct{}, 1), turn: make(chan struct{}, 1), tenants: map[desk.WorkspaceID]*tenant{},
		apps:   map[desk.WorkspaceID]install.App{},
		coming: map[desk.WorkspaceID]install.App{}, leaving: map[desk.WorkspaceID]string{},
		word: map[desk.WorkspaceID]int{},
	}
}

// Keep has the tenants' installations kept by k. It comes before any of them.
func (s *Set) Keep(k Keeper) { s.parts.Keeper = k }

// Add adds the tenant of slack.bot_token, in whose workspace our app is self.
func (s *Set) Add(self served.Workspace, client *api.Client) {
	// Nobody has had a word of it yet, so nobody can have another.
	_ = s.add(newTenant(&s.parts, self, client, install.App{}), install.App{}, s.lastWord(self.ID))
}

// lastWord counts what Put and Remove had to say of a workspace. Whoever acts on
// what an installation was like looks before they read it, and again when they
// are done, for asking Slack takes time.
func (s *Set) lastWord(w desk.WorkspaceID) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.word[w]
}

// add adds a tenant, or puts it in another's place, if nobody had another word
// since. What waited to be sent there goes.
func (s *Set) add(t *tenant, app install.App, since int) error {
	w := t.self.ID
	if err := s.settled(w, app, since, func() { s.tenants[w] = t }); err != nil {
		return err
	}
	s.change()
	s.parts.Gate.Heal(string(w))
	return nil
}

// errOvertaken is that a workspace's installation has changed while Slack was
// asked about it.
var errOvertaken = errors.New("the app was installed anew or removed meanwhile")

// settled makes the tenant of a workspace what an installation makes of it, if
// nobody had another word since.
func (s *Set) settled(w desk.WorkspaceID, app install.App, since int, make func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.word[w] != since {
		return errOvertaken
	}
	make()
	s.apps[w] = app
	delete(s.leaving, w)
	delete(s.coming, w)
	return nil
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
	coming, leaving, word := maps.Clone(s.coming), maps.Clone(s.leaving), maps.Clone(s.word)
	s.mu.RUnlock()
	all = true
	for w, app := range coming {
		// What overtook it has said so, and is next.
		if err := s.admit(ctx, app, word[w]); err != nil && !errors.Is(err, errOvertaken) && ctx.Err() == nil {
			s.parts.Log.Warn("a workspace is not served yet", slog.String("workspace", string(w)), slog.Any("err", err))
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
