package contention

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// RunNodes tests what several nodes on one database promise. open returns two
// stores on the same empty database.
func RunNodes(t *testing.T, open func(t *testing.T) (a, b store.Store)) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, a, b store.Store)
	}{
		{"they write to the same cases", nodesShareCases},
		{"they count in the same buckets", nodesShareBuckets},
		{"an event that reaches both is applied once", nodesShareEvents},
		{"they tell each other what they touched", nodesTell},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := open(t)
			c.test(t, a, b)
		})
	}
}

// onBoth runs numbered updates on two stores at once.
func onBoth(t testing.TB, a, b store.Store, writers, each int, fn func(n int, tx store.Tx) error) {
	t.Helper()
	var wg sync.WaitGroup
	for i, s := range []store.Store{a, b} {
		wg.Go(func() {
			noErrors(t, crowdEach(s, t, writers, each, func(n int, tx store.Tx) error { return fn(2*n+i, tx) }))
		})
	}
	wg.Wait()
}

func nodesShareCases(t *testing.T, a, b store.Store) {
	const cases, writers, each = 4, 16, 8
	var all []desk.Case
	for n := range cases {
		all = append(all, storetest.AddCase(t, a, n))
	}
	onBoth(t, a, b, writers, each, func(n int, tx store.Tx) error {
		c := all[n/2%cases]
		if n%3 == 0 {
			return storetest.AddEntry(t, tx, c.ID, n)
		}
		at, err := tx.LockCaseAt(t.Context(), c.Place)
		if err != nil {
			return err
		}
		return storetest.AddEntryTo(t, tx, &at, n)
	})
	for _, c := range all {
		wantLog(t, b, c.ID, 1+2*writers*each/cases)
	}
}

func nodesShareBuckets(t *testing.T, a, b store.Store) {
	ctx := t.Context()
	const writers, each = 8, 10
	keys := []string{"b", "a", "c"}
	onBoth(t, a, b, writers, each, func(n int, tx store.Tx) error {
		mine := []string{keys[n%3], keys[(n+1)%3]}
		instants, err := tx.Buckets(ctx, mine)
		if err != nil {
			return err
		}
		return tx.SaveBuckets(ctx, mine, []int64{instants[0] + 1, instants[1] + 1})
	})
	update(t, b, func(tx store.Tx) error {
		instants, err := tx.Buckets(ctx, keys)
		if err != nil {
			return err
		}
		if got, want := instants[0]+instants[1]+instants[2], int64(4*writers*each); got != want {
			t.Errorf("counted: got %d (%v), want %d", got, instants, want)
		}
		return nil
	})
}

func nodesShareEvents(t *testing.T, a, b store.Store) {
	ctx := t.Context()
	const writers, each = 8, 8
	c := storetest.AddCase(t, a, 1)
	onBoth(t, a, b, writers, each, func(n int, tx store.Tx) error {
		e := storetest.NewEvent(fmt.Sprint("e", n/2), "lane")
		added, err := tx.Arrive(ctx, &e)
		if err != nil || !added {
			return err
		}
		return storetest.AddEntry(t, tx, c.ID, n/2)
	})
	wantLog(t, b, c.ID, 1+writers*each)
}

func nodesTell(t *testing.T, a, b store.Store) {
	ctx := t.Context()
	hints := make(chan store.Hint, 1000)
	defer b.Watch(func(h store.Hint) { hints <- h })()
	// b may not listen yet: a goes on touching the case until b hears of it.
	c := storetest.AddCase(t, a, 1)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				if err := a.Update(ctx, func(tx store.Tx) error { return storetest.AddEntry(t, tx, c.ID, n) }); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	heard := store.CaseHint{}
	for heard.Case == "" {
		select {
		case h := <-hints:
			for _, hint := range h.Cases {
				heard = hint
			}
		case <-ctx.Done():
			t.Fatal("b heard nothing of a")
		}
	}
	close(stop)
	wg.Wait()
	got, err := b.Case(ctx, heard.Case)
	if err != nil || got.ID != c.ID || got.LastSeq < heard.Seq {
		t.Errorf("after %+v: got %s at %d, %v", heard, got.ID, got.LastSeq, errors.Join(err))
	}
}
