package storetest

import (
	"errors"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func newsChecks() []check {
	return []check{
		{"news goes with what waits and was never tried", gathered},
		{"each channel has its own thread of a case", caseThreads},
	}
}

// news is a delivery that tells of entries of a case.
func news(c desk.Case, lane desk.Lane, seqs ...int64) desk.Delivery {
	d := NewDelivery(lane, c.ID)
	d.Kind, d.Seq, d.Place, d.Content = desk.DeliverNews, 0, "T1/C1", desk.Content{Seqs: seqs}
	return d
}

func gathered(t *testing.T, s store.Store) {
	c := AddCase(t, s, 1)
	gather := func(lane desk.Lane, seq int64) desk.DeliveryID {
		t.Helper()
		d := news(c, lane, seq)
		update(t, s, func(tx store.Tx) error { return tx.Gather(t.Context(), &d) })
		return d.ID
	}
	Enqueue(t, s, NewDelivery("news:1", c.ID)) // of another kind
	first := gather("news:1", 1)
	if again := gather("news:1", 2); again != first {
		t.Errorf("got delivery %d, want what waits, %d", again, first)
	}
	other := gather("news:2", 3)
	if err := Try(t, s, first, "me", time.Hour); err != nil {
		t.Fatal(err)
	}
	second := gather("news:1", 4)
	again := must(s.Delivery(t.Context(), first))(t).Settle(desk.Verdict{Kind: desk.Retry, At: minute(9)}, minute(2))
	if err := Settle(t, s, again, "me"); err != nil {
		t.Fatal(err)
	}
	var fifth, sixth desk.Delivery
	update(t, s, func(tx store.Tx) error { // what was tried and waits keeps what it tells
		fifth, sixth = news(c, "news:1", 5), news(c, "news:1", 6)
		if err := tx.Gather(t.Context(), &fifth); err != nil {
			return err
		}
		return tx.Gather(t.Context(), &sixth)
	})
	if errTaken := errors.New("taken back"); !errors.Is(s.Update(t.Context(), func(tx store.Tx) error {
		d := news(c, "news:1", 7)
		return errors.Join(tx.Gather(t.Context(), &d), errTaken)
	}), errTaken) {
		t.Error("an update that failed did not say so")
	}
	for id, want := range map[desk.DeliveryID][]int64{first: {1, 2}, other: {3}, second: {4, 5, 6}} {
		same(t, "entries", must(s.Delivery(t.Context(), id))(t).Content.Seqs, want)
	}
	if fifth.ID != second || sixth.ID != second {
		t.Errorf("got deliveries %d and %d, want %d", fifth.ID, sixth.ID, second)
	}
}

func caseThreads(t *testing.T, s store.Store) {
	ctx := t.Context()
	one, two := AddCase(t, s, 1), AddCase(t, s, 2)
	for _, ts := range []string{"1.000001", "2.000002"} { // the second instead of the first
		update(t, s, func(tx store.Tx) error { return tx.SaveCaseThread(ctx, one.ID, "T1/C1", ts) })
		same(t, "thread", must(s.CaseThread(ctx, one.ID, "T1/C1"))(t), ts)
	}
	update(t, s, func(tx store.Tx) error { return tx.SaveCaseThread(ctx, one.ID, "T1/C2", "3.000003") })
	same(t, "thread", must(s.CaseThread(ctx, one.ID, "T1/C1"))(t), "2.000002")
	same(t, "thread elsewhere", must(s.CaseThread(ctx, one.ID, "T1/C2"))(t), "3.000003")
	same(t, "thread of another case", must(s.CaseThread(ctx, two.ID, "T1/C1"))(t), "")
}
