package inbox_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/inbox"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// between lets a test do something after the first update of a store and
// before the second begins.
type between struct {
	store.Store
	updates atomic.Int32
	do      func()
}

func (b *between) Update(ctx context.Context, fn func(store.Tx) error) error {
	if b.updates.Add(1) == 2 {
		b.do()
	}
	return b.Store.Update(ctx, fn)
}

// A first try that failed is rolled back and stored anew. What comes in between
// is later, and must not be applied first.
func TestALaterEventDoesNotOvertakeOneThatFailedAtFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &between{Store: storetest.SQLite(t)}
		for range 16 { // opening a reader beside an update would wait for the clock
			if err := s.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		storetest.AddCase(t, s.Store, 1)
		plan := &script{fails: map[string][]error{"slack:T1:Ev1.1": {errFault}}}
		b := inbox.New(s, plan.apply, inbox.Options{})
		later := make(chan error, 1)
		s.do = func() {
			go func() {
				_, err := b.Accept(t.Context(), event(1, 2))
				later <- err
			}()
			synctest.Wait() // until it is applied, or waits
		}
		if _, err := b.Accept(t.Context(), event(1, 1)); err != nil {
			t.Fatal(err)
		}
		if err := <-later; err != nil {
			t.Fatal(err)
		}
		if got := recorded(t, s, 1); len(got) > 0 {
			t.Errorf("%v was applied before the event that had failed", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		time.Sleep(5 * time.Second) // longer than the wait after a first failure
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if got, want := recorded(t, s, 1), []string{"slack:T1:Ev1.1", "slack:T1:Ev1.2"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
