package feed_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/feed"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func quick() feed.Options { return feed.Options{Poll: 5 * time.Millisecond} }

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// watched is a store that says when it is watched.
type watched struct {
	store.Store
	begun chan struct{}
}

func (w *watched) Watch(fn func(store.Hint)) (stop func()) {
	stop = w.Store.Watch(fn)
	w.begun <- struct{}{}
	return stop
}

// runNew runs a new feed of s until the test ends, and returns once it
// watches the store.
func runNew(t testing.TB, s store.Store, o feed.Options) *feed.Feed {
	t.Helper()
	w := &watched{Store: s, begun: make(chan struct{}, 1)}
	f := feed.New(w, o)
	run(t, f)
	<-w.begun
	return f
}

// run runs f and returns what stops it and waits for its end.
func run(t testing.TB, f *feed.Feed) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// touch changes a case, at the time at by some node's clock.
func touch(t testing.TB, s store.Store, id desk.CaseID, at time.Time) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		c, err := tx.LockCase(t.Context(), id)
		if err != nil {
			return err
		}
		c.Touch(at)
		return tx.SaveCase(t.Context(), &c)
	})
	if err != nil {
		t.Error(err)
	}
}

// next returns what the subscription hears, within a minute.
func next(t *testing.T, sub *feed.Subscription) []feed.Change {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	changes, err := sub.Next(ctx)
	if err != nil {
		t.Fatalf("nothing was heard: %v", err)
	}
	return changes
}

// quiet fails the test if the subscription hears anything.
func quiet(t *testing.T, sub *feed.Subscription) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	changes, err := sub.Next(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("heard %v, %v, want nothing", changes, err)
	}
}

// deaf is a store whose hints are lost, except those the test gives.
type deaf struct {
	store.Store
	mu   sync.Mutex // guards hear
	hear func(store.Hint)
}

func (d *deaf) Watch(fn func(store.Hint)) (stop func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hear = fn
	return func() {}
}

func (d *deaf) hint(h store.Hint) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hear(h)
}

func TestAChangeIsHeardAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		c := storetest.AddCase(t, s, 1)
		f := runNew(t, s, feed.Options{Poll: time.Hour})
		first, second := f.Subscribe(), f.Subscribe()
		for i := range int64(5) {
			touch(t, s, c.ID, storetest.Start())
			want := []feed.Change{{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision + i + 1}}
			same(t, "first hears", next(t, first), want)
			same(t, "second hears", next(t, second), want)
		}
	})
}

func TestWhatIsRolledBackIsNotHeard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		c := storetest.AddCase(t, s, 1)
		f := runNew(t, s, quick())
		sub := f.Subscribe()
		fault := errors.New("injected fault")
		err := s.Update(t.Context(), func(tx store.Tx) error {
			c, err := tx.LockCase(t.Context(), c.ID)
			if err != nil {
				return err
			}
			c.Touch(storetest.Start())
			return errors.Join(tx.SaveCase(t.Context(), &c), fault)
		})
		if !errors.Is(err, fault) {
			t.Fatal(err)
		}
		touch(t, s, c.ID, storetest.Start())
		same(t, "heard", next(t, sub), []feed.Change{{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision + 1}})
	})
}

func TestACaseIsHeardOnceHoweverOftenItChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.SQLite(t)
		a, b := storetest.AddCase(t, s, 1), storetest.AddCase(t, s, 2)
		f := feed.New(s, feed.Options{})
		stop := run(t, f)
		synctest.Wait()
		sub := f.Subscribe()
		for range 1000 {
			touch(t, s, a.ID, time.Now())
		}
		touch(t, s, b.ID, time.Now())
		touch(t, s, a.ID, time.Now())
		time.Sleep(time.Minute) // and many polls
		same(t, "heard", next(t, sub), []feed.Change{
			{Case: b.ID, Seq: b.LastSeq, Revision: b.Revision + 1},
			{Case: a.ID, Seq: a.LastSeq, Revision: a.Revision + 1001},
		})
		quiet(t, sub)
		stop()
	})
}

func TestWhoFallsBehindMustReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.SQLite(t)
		f := feed.New(s, feed.Options{Keep: 3})
		stop := run(t, f)
		synctest.Wait()
		slow, quick := f.Subscribe(), f.Subscribe()
		var want, heard []feed.Change
		for n := range 10 {
			c := storetest.AddCase(t, s, n)
			want = append(want, feed.Change{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision})
			heard = append(heard, next(t, quick)...)
		}
		same(t, "the quick one hears", heard, want)
		same(t, "the slow one hears", next(t, slow), []feed.Change{{Reload: true}})
		quiet(t, slow)
		c := storetest.AddCase(t, s, 10)
		same(t, "the slow one hears then", next(t, slow), []feed.Change{{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision}})
		stop()
	})
}

func TestMoreAtOnceThanTheJournalHolds(t *testing.T) {
	s := &deaf{Store: storetest.SQLite(t)}
	f := runNew(t, s, feed.Options{Keep: 3, Poll: time.Hour})
	sub := f.Subscribe()
	var h store.Hint
	for n := range 5 {
		h.Cases = append(h.Cases, store.CaseHint{Case: desk.CaseID(fmt.Sprint(n)), Seq: 1, Revision: 1})
	}
	s.hint(h)
	same(t, "heard", next(t, sub), []feed.Change{{Reload: true}})
}

func TestAgentsAndPeopleAreHeardOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		f := runNew(t, s, feed.Options{Poll: time.Hour})
		sub := f.Subscribe()
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return tx.SavePerson(t.Context(), &desk.Person{ID: "T1:U1"})
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "heard", next(t, sub), []feed.Change{{People: true}})
		err = s.Update(t.Context(), func(tx store.Tx) error {
			return tx.SaveAgent(t.Context(), &desk.Agent{ID: "jane", Email: "jane@example.com"})
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "heard", next(t, sub), []feed.Change{{Agents: true}})
	})
}

func TestPollingHealsLostHints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &deaf{Store: storetest.SQLite(t)}
		c := storetest.AddCase(t, s, 1)
		f := feed.New(s, feed.Options{})
		stop := run(t, f)
		time.Sleep(time.Hour)
		sub := f.Subscribe()
		begin := time.Now()
		touch(t, s, c.ID, begin.Add(-4*time.Second)) // by a clock that is late
		same(t, "heard", next(t, sub), []feed.Change{{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision + 1}})
		if took := time.Since(begin); took > time.Second {
			t.Errorf("it took %v, want a second at most", took)
		}
		touch(t, s, c.ID, begin.Add(4*time.Second)) // by one that is early
		same(t, "heard", next(t, sub), []feed.Change{{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision + 2}})
		time.Sleep(time.Minute)
		quiet(t, sub)
		stop()
	})
}

func TestLostHintsAreSoughtAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &deaf{Store: storetest.SQLite(t)}
		f := feed.New(s, feed.Options{Poll: time.Hour})
		stop := run(t, f)
		c := storetest.AddCase(t, s, 1)
		time.Sleep(time.Minute)
		sub := f.Subscribe()
		touch(t, s, c.ID, time.Now())
		s.hint(store.Hint{All: true})
		time.Sleep(time.Second)
		same(t, "heard", next(t, sub), []feed.Change{
			{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision + 1}, {Agents: true}, {People: true},
		})
		stop()
	})
}

// A poll takes in any number of changes, even of the same instant.
func TestManyChangesOfOneInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &deaf{Store: storetest.SQLite(t)}
		f := feed.New(s, feed.Options{})
		stop := run(t, f)
		var ids []desk.CaseID
		for n := range 2100 {
			ids = append(ids, storetest.AddCase(t, s, n).ID)
		}
		time.Sleep(time.Minute)
		sub := f.Subscribe()
		at := time.Now()
		for i, id := range ids {
			touch(t, s, id, at.Add(time.Duration(i/1500)*time.Microsecond))
		}
		heard := make(map[desk.CaseID]int)
		for len(heard) < len(ids) {
			for _, c := range next(t, sub) {
				heard[c.Case]++
			}
		}
		time.Sleep(time.Minute)
		quiet(t, sub)
		for id, n := range heard {
			if n != 1 {
				t.Errorf("case %s was heard of %d times", id, n)
			}
		}
		stop()
	})
}

func TestSubscriptionsEndWithTheFeed(t *testing.T) {
	s := storetest.SQLite(t)
	w := &watched{Store: s, begun: make(chan struct{}, 1)}
	f := feed.New(w, quick())
	sub := f.Subscribe()
	c := storetest.AddCase(t, s, 1)
	quiet(t, sub) // not running yet is no reason to end
	for range 2 {
		stop := run(t, f)
		<-w.begun
		touch(t, s, c.ID, time.Now())
		if heard := next(t, sub); len(heard) != 1 || heard[0].Case != c.ID {
			t.Errorf("heard %v, want the case", heard)
		}
		ended := make(chan error, 1)
		go func() {
			_, err := sub.Next(t.Context())
			ended <- err
		}()
		stop()
		if err := <-ended; !errors.Is(err, feed.ErrStopped) {
			t.Errorf("got %v, want ErrStopped", err)
		}
	}
}

func TestRunStartsAndStops(t *testing.T) {
	s := storetest.SQLite(t)
	f := feed.New(s, quick())
	c := storetest.AddCase(t, s, 1)
	before := runtime.NumGoroutine()
	for range 200 {
		stop := run(t, f)
		touch(t, s, c.ID, storetest.Start())
		stop()
	}
	for deadline := time.Now().Add(time.Minute); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, want %d", runtime.NumGoroutine(), before)
		}
	}
}
