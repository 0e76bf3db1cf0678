package tenants

import (
	"context"
	"fmt"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/nap"
)

// A Set has the tenants. It may be used by many goroutines. Make one with [New].
type Set struct {
	parts   Parts
	changed chan struct{} // tenants came or went

	mu      sync.RWMutex // guards tenants; held for one look or one write
	tenants map[desk.WorkspaceID]*tenant
}

// New returns a Set without tenants.
func New(p Parts) *Set {
	return &Set{parts: p, changed: make(chan struct{}, 1), tenants: map[desk.WorkspaceID]*tenant{}}
}

// Add adds the tenant of a workspace, in which our app is self, or puts another in
// its place. What waited to be sent there goes.
func (s *Set) Add(self served.Workspace, client *api.Client) {
	t := newTenant(&s.parts, self, client)
	s.mu.Lock()
	s.tenants[self.ID] = t
	s.mu.Unlock()
	s.change()
	s.parts.Gate.Heal(string(self.ID))
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

// Run has the tenants do what they do by themselves, those that come too, until
// ctx ends or one of them fails.
func (s *Set) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ends := map[*tenant]context.CancelFunc{}
	for {
		all := s.all()
		there := make(map[*tenant]bool, len(all))
		for _, t := range all {
			there[t] = true
			if ends[t] != nil {
				continue
			}
			own, end := context.WithCancel(ctx)
			ends[t] = end
			running.Go(func() {
				t.run(own, func(err error) { stop(fmt.Errorf("workspace %s: %w", t.self.ID, err)) })
			})
		}
		for t, end := range ends {
			if !there[t] {
				end()
				delete(ends, t)
			}
		}
		if !nap.For(ctx, lookAgain, s.changed, nil) {
			return context.Cause(ctx)
		}
	}
}
