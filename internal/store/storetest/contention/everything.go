package contention

import (
	"errors"
	"fmt"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// everythingAtOnce locks, in the order of the contract, all that can be
// locked, from many updates of which some fail.
func everythingAtOnce(t *testing.T, s store.Store) {
	const cases, writers, each = 5, 32, 8
	var all []desk.Case
	for n := range cases {
		all = append(all, storetest.AddCase(t, s, n))
		storetest.Enqueue(t, s, storetest.NewDelivery("lane", all[n].ID))
	}
	errs := crowdEach(s, t, writers, each, func(n int, tx store.Tx) error {
		return touchEverything(t, tx, all[n%cases].Place, n)
	})
	for _, err := range errs {
		if !errors.Is(err, errNo) {
			t.Error(err)
		}
	}
	want, got := 0, 0
	for n := range writers * each {
		if n%11 != 0 && n%13 != 0 {
			want++
		}
	}
	for _, c := range all {
		n := len(must(s.Log(t.Context(), c.ID, 0, 1000))(t))
		wantLog(t, s, c.ID, n)
		got += n - 1
	}
	if got != want || len(errs) != writers*each-want {
		t.Errorf("entries: got %d and %d failures, want %d and %d", got, len(errs), want, writers*each-want)
	}
}

// touchEverything fails for some n, before or after it wrote.
func touchEverything(t *testing.T, tx store.Tx, place desk.Place, n int) error {
	ctx := t.Context()
	e := storetest.NewEvent(fmt.Sprint("e", n), "events")
	if _, err := tx.Arrive(ctx, &e); err != nil {
		return err
	}
	c, err := tx.LockCaseAt(ctx, place)
	if err != nil {
		return err
	}
	if _, _, err := tx.Head(ctx, "lane"); err != nil && !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	if _, err := tx.Buckets(ctx, []string{fmt.Sprint(n % 3), fmt.Sprint("x", n%7)}); err != nil {
		return err
	}
	if n%11 == 0 {
		return errNo
	}
	if err := storetest.AddEntryTo(t, tx, &c, n); err != nil {
		return err
	}
	if n%13 == 0 {
		return errNo
	}
	return nil
}
