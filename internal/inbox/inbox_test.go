package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/inbox"
	"caseline/internal/lanes"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// quick are options for tests that wait in real time.
func quick() inbox.Options {
	return inbox.Options{
		Poll:    5 * time.Millisecond,
		Backoff: lanes.Backoff{First: time.Millisecond, Max: 4 * time.Millisecond},
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAnEventIsStoredAndAppliedByOneUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		counted := &flaky{Store: s}
		b := inbox.New(counted, record, quick())
		if !accept(t, b, event(1, 1)) {
			t.Error("the event was not added")
		}
		same(t, "updates", counted.updates, 1)
		same(t, "recorded", recorded(t, s, 1), []string{event(1, 1).Key})
		same(t, "idle", idle(t, s), true)
		same(t, "stats", b.Stats(), inbox.Stats{Stored: 1, Applied: 1})
	})
}

func TestADuplicateChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		b := inbox.New(s, record, quick())
		accept(t, b, event(1, 1))
		accept(t, b, event(1, 2))
		if accept(t, b, event(1, 1)) {
			t.Error("the duplicate was added")
		}
		same(t, "recorded", recorded(t, s, 1), []string{event(1, 1).Key, event(1, 2).Key})
		same(t, "stats", b.Stats(), inbox.Stats{Stored: 2, Applied: 2, Duplicates: 1})
	})
}

func TestWhatCannotBeAppliedIsStoredAndTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		var log logged
		o := quick()
		o.Log = log.logger(t)
		plan := &script{fails: map[string][]error{event(1, 1).Key: {errFault, errPanic, errFault}}}
		b := inbox.New(s, plan.apply, o)
		if !accept(t, b, event(1, 1)) {
			t.Error("the event was not added")
		}
		same(t, "recorded before Run", recorded(t, s, 1), []string{})
		if accept(t, b, event(1, 1)) {
			t.Error("the duplicate was added")
		}
		stop := run(t, b)
		eventually(t, "the lane is idle", func() bool { return idle(t, s) })
		same(t, "recorded", recorded(t, s, 1), []string{event(1, 1).Key})
		stop() // so that everything is counted and logged
		same(t, "stats", b.Stats(), inbox.Stats{Stored: 1, Applied: 1, Duplicates: 1, Failed: 3})
		for _, want := range []string{"attempt=2", "injected fault", "panic: a value of type string", "helper_test.go"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %q", want)
			}
		}
		if strings.Contains(log.String(), "secret") {
			t.Error("the log holds what the event says")
		}
	})
}

func TestALaneKeepsItsOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		storetest.AddCase(t, s, 2)
		plan := &script{fails: map[string][]error{event(1, 1).Key: {errFault, errFault}}}
		b := inbox.New(s, plan.apply, quick())
		for i := range 5 {
			accept(t, b, event(1, i+1))
			accept(t, b, event(2, i+1))
		}
		same(t, "recorded of the waiting lane", recorded(t, s, 1), []string{})
		same(t, "recorded of the other", len(recorded(t, s, 2)), 5)
		run(t, b)
		eventually(t, "the lanes are idle", func() bool { return idle(t, s) })
		accept(t, b, event(1, 6))
		var want []string
		for i := range 6 {
			want = append(want, event(1, i+1).Key)
		}
		same(t, "recorded", recorded(t, s, 1), want)
	})
}

func TestARefusedEventIsDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		refusal := fmt.Errorf("record: %w", &desk.Refusal{Kind: desk.ErrForbidden, Message: "You may not."})
		plan := &script{fails: map[string][]error{
			event(1, 1).Key: {refusal, errors.New("a refused event was tried again")},
			event(1, 2).Key: {errFault},
			event(1, 3).Key: {refusal, errors.New("a refused event was tried again")},
		}}
		b := inbox.New(s, plan.apply, quick())
		for i := range 4 {
			accept(t, b, event(1, i+1))
		}
		stop := run(t, b)
		eventually(t, "the lane is idle", func() bool { return idle(t, s) })
		same(t, "recorded", recorded(t, s, 1), []string{event(1, 2).Key, event(1, 4).Key})
		stop()
		same(t, "stats", b.Stats(), inbox.Stats{Stored: 4, Applied: 2, Refused: 2, Failed: 1})
	})
}

func TestAnEventThatAlwaysFailsIsGivenUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		var log logged
		o := quick()
		o.Log, o.Attempts = log.logger(t), 3
		plan := &script{fails: map[string][]error{event(1, 1).Key: {errFault, errFault, errFault}}}
		b := inbox.New(s, plan.apply, o)
		accept(t, b, event(1, 1))
		accept(t, b, event(1, 2))
		stop := run(t, b)
		eventually(t, "the lane is idle", func() bool { return idle(t, s) })
		same(t, "recorded", recorded(t, s, 1), []string{event(1, 2).Key})
		stop()
		same(t, "stats", b.Stats(), inbox.Stats{Stored: 2, Applied: 1, Failed: 3, Dead: 1})
		dead, err := s.DeadEvents(t.Context())
		if err != nil || dead != 1 {
			t.Errorf("%d dead events, %v, want 1", dead, err)
		}
		if !strings.Contains(log.String(), `msg="event given up"`) {
			t.Error("the log does not say that it was given up")
		}
		if accept(t, b, event(1, 1)) {
			t.Error("the dead event was added again")
		}
	})
}

// What comes too early has not failed: it waits as long as it is told to, and is never
// given up.
func TestAnEventThatComesTooEarlyWaits(t *testing.T) {
	s := storetest.SQLite(t)
	storetest.AddCase(t, s, 1)
	early := make([]error, 2*quick().Attempts+20)
	for i := range early {
		early[i] = fmt.Errorf("apply: %w", &inbox.Later{In: time.Millisecond, Why: "too early"})
	}
	plan := &script{fails: map[string][]error{event(1, 1).Key: early}}
	b := inbox.New(s, plan.apply, quick())
	run(t, b)
	accept(t, b, event(1, 1))
	accept(t, b, event(1, 2))
	eventually(t, "the lane is idle", func() bool { return idle(t, s) })
	same(t, "recorded", recorded(t, s, 1), []string{event(1, 1).Key, event(1, 2).Key})
	if got := b.Stats(); got.Failed != 0 || got.Dead != 0 {
		t.Errorf("counted as failed: %+v", got)
	}
}

func TestPollingHealsLostHints(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		plan := &script{fails: map[string][]error{event(1, 1).Key: {errFault, errFault}}}
		b := inbox.New(&flaky{Store: s, deaf: true}, plan.apply, quick())
		run(t, b)
		accept(t, b, event(1, 1))
		eventually(t, "the lane is idle", func() bool { return idle(t, s) })
		same(t, "recorded", recorded(t, s, 1), []string{event(1, 1).Key})
	})
}

// The database's answer to a commit may be lost, and so may the commit.
func TestACommitWhoseAnswerIsLost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		storetest.AddCase(t, s, 1)
		f := &flaky{Store: s}
		b := inbox.New(f, record, quick())
		f.random, f.landed = seeded(1), 1
		if _, err := b.Accept(t.Context(), event(1, 1)); !errors.Is(err, errFault) {
			t.Errorf("got %v, want the fault: nobody can know", err)
		}
		f.landed, f.lost = 0, 1
		if _, err := b.Accept(t.Context(), event(1, 2)); !errors.Is(err, errFault) {
			t.Errorf("got %v, want the fault", err)
		}
		f.random = nil
		if accept(t, b, event(1, 1)) || !accept(t, b, event(1, 2)) {
			t.Error("got the first again or not the second")
		}
		same(t, "recorded", recorded(t, s, 1), []string{event(1, 1).Key, event(1, 2).Key})
	})
}

func TestACancelledAcceptStoresNothing(t *testing.T) {
	s := storetest.SQLite(t)
	storetest.AddCase(t, s, 1)
	ctx, cancel := context.WithCancel(t.Context())
	b := inbox.New(s, func(ctx context.Context, tx store.Tx, e desk.Event) error {
		cancel()
		return ctx.Err()
	}, quick())
	if _, err := b.Accept(ctx, event(1, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	same(t, "idle", idle(t, s), true)
}

// Tries are spread over minutes: the first soon, the last far apart.
func TestTriesAreSpreadOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		storetest.AddCase(t, s, 1)
		begin := time.Now()
		tries := make(map[int]time.Duration)
		b := inbox.New(s, func(_ context.Context, _ store.Tx, e desk.Event) error {
			tries[e.Attempts] = time.Since(begin)
			return errFault
		}, inbox.Options{})
		stop := run(t, b)
		accept(t, b, event(1, 1))
		time.Sleep(time.Hour)
		stop()
		if len(tries) != 10 {
			t.Fatalf("%d tries, want 10", len(tries))
		}
		if got := tries[1]; got > time.Second {
			t.Errorf("the second try came after %v, want within a second", got)
		}
		if got := tries[9]; got < 2*time.Minute || got > 4*time.Minute {
			t.Errorf("the last try came after %v, want two to four minutes", got)
		}
		if dead, err := s.DeadEvents(t.Context()); err != nil || dead != 1 {
			t.Errorf("%d dead events, %v, want 1", dead, err)
		}
	})
}

func TestOldEventsAreDeletedInBites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		storetest.AddCase(t, s, 1)
		storetest.AddCase(t, s, 2)
		plan := &script{fails: map[string][]error{event(2, 1).Key: {errFault}}}
		b := inbox.New(s, plan.apply, inbox.Options{})
		const many = 450 // more than two bites
		for i := range many {
			accept(t, b, event(1, i))
		}
		accept(t, b, event(2, 1)) // waits until Run
		time.Sleep(24 * time.Hour)
		accept(t, b, event(1, many))
		time.Sleep(24*time.Hour + time.Minute)
		stop := run(t, b)
		time.Sleep(time.Minute)
		stop()
		if !accept(t, b, event(1, 0)) || !accept(t, b, event(1, many-1)) {
			t.Error("an old event is still known")
		}
		if accept(t, b, event(1, many)) {
			t.Error("a young event was forgotten")
		}
		same(t, "recorded of the event that waited", recorded(t, s, 2), []string{event(2, 1).Key})
	})
}

func TestRunStartsAndStops(t *testing.T) {
	s := storetest.SQLite(t)
	storetest.AddCase(t, s, 1)
	plan := &script{fails: make(map[string][]error)}
	b := inbox.New(s, plan.apply, quick())
	before := runtime.NumGoroutine()
	for i := range 100 {
		plan.mu.Lock()
		plan.fails[event(1, i).Key] = []error{errFault, errFault}
		plan.mu.Unlock()
		stop := run(t, b)
		accept(t, b, event(1, i))
		stop()
	}
	eventually(t, "all goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
	run(t, b)
	eventually(t, "the lane is idle", func() bool { return idle(t, s) })
	same(t, "recorded", len(recorded(t, s, 1)), 100)
}
