package sqlstore_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// One side gathers and the other sends, as fast as they can.
func TestNoNewsIsLostOrToldTwice(t *testing.T) { storetest.Each(t, gatheredWhileSent) }

func gatheredWhileSent(t *testing.T, s store.Store) {
	const n = 60
	ctx := t.Context()
	c := storetest.AddCase(t, s, 1)
	var sent []int64
	var done atomic.Bool
	var failed error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer done.Store(true)
		for seq := int64(1); seq <= n && failed == nil; seq++ {
			failed = s.Update(ctx, func(tx store.Tx) error {
				if _, err := tx.LockCase(ctx, c.ID); err != nil {
					return err
				}
				d := desk.Delivery{
					Lane: "news", Case: c.ID, Kind: desk.DeliverNews, State: desk.DeliveryPending, Place: "T1/C1",
					Content: desk.Content{Seqs: []int64{seq}}, NotBefore: storetest.Start(),
				}
				return tx.Gather(ctx, &d)
			})
		}
	})
	for last := false; !last; {
		last = done.Load()
		for sendsNews(ctx, t, s, &sent) {
			last = false
		}
	}
	wg.Wait()
	if failed != nil {
		t.Fatal(failed)
	}
	want := make([]int64, n)
	for i := range want {
		want[i] = int64(i + 1)
	}
	if !slices.Equal(sent, want) {
		t.Errorf("got %v, want each once and in order", sent)
	}
}

// sendsNews claims the head of the lane and settles it, as an outbox does.
func sendsNews(ctx context.Context, t *testing.T, s store.Store, sent *[]int64) bool {
	var d desk.Delivery
	err := s.Update(ctx, func(tx store.Tx) (err error) {
		if d, _, err = tx.Head(ctx, "news"); err != nil {
			return err
		}
		return tx.Claim(ctx, d.ID, "me", time.Hour, storetest.Start())
	})
	if errors.Is(err, desk.ErrNotFound) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	*sent = append(*sent, d.Content.Seqs...)
	d = d.Settle(desk.Verdict{Kind: desk.Sent}, storetest.Start())
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.Settle(ctx, &d, "me") }); err != nil {
		t.Fatal(err)
	}
	return true
}
