package contention

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func contentionChecks() []check {
	return []check{
		{"many write to one case", manyOnOne},
		{"many write to many cases", manyOnMany},
		{"one event arriving many times is applied once", arrivesOnce},
		{"events of a lane are applied in order, once", lanesInOrder},
		{"nobody's bucket is lost", bucketsUnderContention},
		{"failing updates leave the others", failuresApart},
		{"everything at once", everythingAtOnce},
		{"a locked setup is changed by one at a time", setupLocked},
	}
}

// wantLog checks that the log of a case is whole: want entries without a gap,
// each text once, and the case says so.
func wantLog(t testing.TB, s store.Store, id desk.CaseID, want int) {
	t.Helper()
	ctx := t.Context()
	log := must(s.Log(ctx, id, 0, 100_000))(t)
	if len(log) != want {
		t.Errorf("log of %s: got %d entries, want %d", id, len(log), want)
	}
	texts := make(map[string]bool)
	for i, e := range log {
		if e.Seq != int64(i+1) || texts[e.Text] {
			t.Fatalf("log of %s: entry %d is %d %q, again %v", id, i+1, e.Seq, e.Text, texts[e.Text])
		}
		texts[e.Text] = true
	}
	if c := must(s.Case(ctx, id))(t); c.LastSeq != int64(len(log)) || c.Revision != int64(len(log)) {
		t.Errorf("case %s: got last %d, revision %d, want %d", id, c.LastSeq, c.Revision, len(log))
	}
}

func manyOnOne(t *testing.T, s store.Store) {
	const writers, each = 64, 5
	c := storetest.AddCase(t, s, 1)
	errs := crowdEach(s, t, writers, each, func(n int, tx store.Tx) error {
		if n%2 == 0 {
			return storetest.AddEntry(t, tx, c.ID, n)
		}
		at, err := tx.LockCaseAt(t.Context(), c.Place)
		if err != nil {
			return err
		}
		return storetest.AddEntryTo(t, tx, &at, n)
	})
	noErrors(t, errs)
	wantLog(t, s, c.ID, 1+writers*each)
}

// crowdEach has some writers run some updates each, numbered from 0, one
// after the other.
func crowdEach(s store.Store, t testing.TB, writers, each int, fn func(n int, tx store.Tx) error) []error {
	var mu sync.Mutex
	var errs []error
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				n := w*each + i
				if err := s.Update(t.Context(), func(tx store.Tx) error { return fn(n, tx) }); err != nil {
					mu.Lock()
					errs = append(errs, fmt.Errorf("update %d: %w", n, err))
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return errs
}

func noErrors(t testing.TB, errs []error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func manyOnMany(t *testing.T, s store.Store) {
	const writers, each, cases = 64, 6, 12
	var all []desk.CaseID
	for n := range cases {
		all = append(all, storetest.AddCase(t, s, n).ID)
	}
	var refused atomic.Int64
	crowdEach(s, t, writers, each, func(n int, tx store.Tx) error {
		if err := storetest.AddEntry(t, tx, all[n%cases], n); err != nil {
			return err
		}
		if n%17 == 0 { // after it wrote
			refused.Add(1)
			return errNo
		}
		return nil
	})
	total, want := 0, writers*each-(writers*each+16)/17
	for _, id := range all {
		n := len(must(s.Log(t.Context(), id, 0, 1000))(t))
		wantLog(t, s, id, n)
		total += n - 1
	}
	if total != want {
		t.Errorf("entries: got %d, want %d", total, want)
	}
}

func arrivesOnce(t *testing.T, s store.Store) {
	ctx := t.Context()
	const copies, events = 8, 16
	c := storetest.AddCase(t, s, 1)
	var added atomic.Int64
	var wg sync.WaitGroup
	for n := range copies * events {
		wg.Go(func() {
			e := storetest.NewEvent(fmt.Sprint("e", n%events), "lane")
			isNew := false
			err := s.Update(ctx, func(tx store.Tx) (err error) {
				isNew, err = tx.Arrive(ctx, &e)
				if err != nil || !isNew {
					return err
				}
				return storetest.AddEntry(t, tx, c.ID, n%events)
			})
			if err != nil {
				t.Errorf("event %d: %v", n, err)
			}
			if isNew {
				added.Add(1)
			}
		})
	}
	wg.Wait()
	if got := added.Load(); got != events {
		t.Errorf("added: got %d, want %d", got, events)
	}
	wantLog(t, s, c.ID, 1+events)
}

func lanesInOrder(t *testing.T, s store.Store) {
	ctx := t.Context()
	const lanes, each, workers = 3, 20, 8
	c := make([]desk.Case, lanes)
	for l := range lanes {
		c[l] = storetest.AddCase(t, s, l)
		for n := range each {
			storetest.AddEvents(t, s, storetest.NewEvent(fmt.Sprintf("%d/%d", l, n), desk.Lane(c[l].ID)))
		}
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for idle := 0; idle < lanes; w++ {
				found := false
				err := s.Update(ctx, func(tx store.Tx) error {
					found = true
					return applyNext(t, tx, c[w%lanes].ID)
				})
				if errors.Is(err, desk.ErrNotFound) { // none left, or another has it
					due, err := s.PendingLanes(ctx, lanes)
					found = len(due) > 0 && err == nil
				} else if err != nil {
					t.Error(err)
				}
				if idle++; found {
					idle = 0
				}
			}
		})
	}
	wg.Wait()
	for l := range lanes {
		wantLog(t, s, c[l].ID, 1+each)
		for i, e := range must(s.Log(ctx, c[l].ID, 1, 1000))(t) {
			if want := fmt.Sprintf("%d/%d", l, i); e.Text != want {
				t.Fatalf("lane %d: entry %d is %q, want %q", l, i, e.Text, want)
			}
		}
	}
}

// applyNext applies the next event of a case's lane: its key becomes an entry.
func applyNext(t testing.TB, tx store.Tx, id desk.CaseID) error {
	ctx := t.Context()
	e, err := tx.NextEvent(ctx, desk.Lane(id))
	if err != nil {
		return err
	}
	c, err := tx.LockCase(ctx, id)
	if err != nil {
		return err
	}
	m := desk.Message{Author: "T1:U1", Text: e.Key, At: minute(1), Origin: desk.Origin("event:" + e.Key)}
	for _, entry := range c.Record(c.Chat, m, nil, minute(1)) {
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
	}
	if err := tx.SaveCase(ctx, &c); err != nil {
		return err
	}
	e.State = desk.EventDone
	return tx.SaveEvent(ctx, &e)
}

func bucketsUnderContention(t *testing.T, s store.Store) {
	ctx := t.Context()
	const writers, each = 16, 10
	keys := []string{"b", "a", "c"}
	errs := crowdEach(s, t, writers, each, func(n int, tx store.Tx) error {
		mine := []string{keys[n%3], keys[(n+1)%3]}
		instants, err := tx.Buckets(ctx, mine)
		if err != nil {
			return err
		}
		return tx.SaveBuckets(ctx, mine, []int64{instants[0] + 1, instants[1] + 1})
	})
	noErrors(t, errs)
	update(t, s, func(tx store.Tx) error {
		instants, err := tx.Buckets(ctx, keys)
		if err != nil {
			return err
		}
		if got, want := instants[0]+instants[1]+instants[2], int64(2*writers*each); got != want {
			t.Errorf("counted: got %d (%v), want %d", got, instants, want)
		}
		return nil
	})
}

func failuresApart(t *testing.T, s store.Store) {
	ctx := t.Context()
	const n = 60
	cases := make([]desk.Case, n)
	for i := range cases {
		cases[i], _ = storetest.NewCase(t, i)
	}
	storetest.AddCase(t, s, 1) // so that case 1 is taken, which the database will say
	errs := storetest.Crowd(ctx, s, n, func(i int, tx store.Tx) error {
		if err := tx.InsertCase(ctx, &cases[i]); err != nil {
			return err
		}
		if i%3 == 0 {
			return errNo
		}
		return nil
	})
	for i, err := range errs {
		switch {
		case i == 1:
			wantKind(t, "case 1", err, desk.ErrConflict)
		case i%3 == 0:
			wantKind(t, fmt.Sprint("case ", i), err, errNo)
		case err != nil:
			t.Errorf("case %d: %v", i, err)
		}
		_, err := s.Case(ctx, cases[i].ID)
		if i%3 != 0 && err != nil {
			t.Errorf("case %d: %v", i, err)
		}
		if i%3 == 0 {
			wantKind(t, fmt.Sprint("case ", i), err, desk.ErrNotFound)
		}
	}
}
