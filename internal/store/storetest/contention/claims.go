package contention

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func claimChecks() []check {
	return []check{
		{"of many who claim one wins", oneClaims},
		{"an expired claim is found interrupted", claimExpires},
		{"a lost claim cannot settle", lostClaim},
		{"a lane is worked through by many in order", lanesWorked},
	}
}

func oneClaims(t *testing.T, s store.Store) {
	ctx := t.Context()
	d := storetest.Enqueue(t, s, storetest.NewDelivery("lane", ""))[0]
	var won atomic.Int64
	for i, err := range storetest.Crowd(ctx, s, 20, func(i int, tx store.Tx) error {
		return tx.Claim(ctx, d.ID, fmt.Sprint("token", i), time.Hour, minute(1))
	}) {
		if err == nil {
			won.Add(1)
		} else if !errors.Is(err, desk.ErrConflict) {
			t.Errorf("claim %d: %v", i, err)
		}
	}
	if won.Load() != 1 {
		t.Errorf("won: got %d, want 1", won.Load())
	}
	if got := must(s.Delivery(ctx, d.ID))(t).Attempts; got != 1 {
		t.Errorf("attempts: got %d, want 1", got)
	}
}

func claimExpires(t *testing.T, s store.Store) {
	d := storetest.Enqueue(t, s, storetest.NewDelivery("lane", ""))[0]
	// A claim that is over as soon as it begins stands for one whose holder
	// died long ago.
	if err := storetest.Try(t, s, d.ID, "dead", -time.Second); err != nil {
		t.Fatal(err)
	}
	got, interrupted, err := storetest.Head(t, s, "lane")
	if err != nil || !interrupted || got.ID != d.ID {
		t.Errorf("head: got %d, interrupted %v, %v, want %d interrupted", got.ID, interrupted, err, d.ID)
	}
	if lanes := must(s.OpenLanes(t.Context(), 1))(t); len(lanes) != 1 || !lanes[0].Due.Equal(d.NotBefore) {
		t.Errorf("lanes: got %v, want it due", lanes)
	}
	if err := storetest.Try(t, s, d.ID, "next", time.Hour); err != nil {
		t.Errorf("claim what has expired: %v", err)
	}
	_, _, err = storetest.Head(t, s, "lane")
	wantKind(t, "head while it is claimed", err, desk.ErrNotFound)
}

func lostClaim(t *testing.T, s store.Store) {
	d := storetest.Enqueue(t, s, storetest.NewDelivery("lane", ""))[0]
	sent := d.Settle(desk.Verdict{Kind: desk.Sent, Receipt: "1.1"}, minute(2))
	wantKind(t, "settle without a claim", storetest.Settle(t, s, sent, ""), desk.ErrConflict)
	if err := storetest.Try(t, s, d.ID, "slow", -time.Second); err != nil {
		t.Fatal(err)
	}
	if err := storetest.Try(t, s, d.ID, "quick", time.Hour); err != nil {
		t.Fatal(err)
	}
	// What is written beside a settlement that fails must not remain.
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.NotePerson(t.Context(), "T1:U1"); err != nil {
			return err
		}
		return tx.Settle(t.Context(), &sent, "slow")
	})
	wantKind(t, "settle a lost claim", err, desk.ErrConflict)
	if got := must(s.People(t.Context(), []desk.PersonID{"T1:U1"}))(t); len(got) > 0 {
		t.Errorf("beside it: got %v, want nobody", got)
	}
	if err := storetest.Settle(t, s, sent, "quick"); err != nil {
		t.Errorf("settle one's own: %v", err)
	}
	wantKind(t, "settle twice", storetest.Settle(t, s, sent, "quick"), desk.ErrConflict)
}

// lanesWorked has several workers claim, send and settle, as an outbox does.
func lanesWorked(t *testing.T, s store.Store) {
	ctx := t.Context()
	const lanes, each, workers = 4, 10, 6
	for n := range lanes * each {
		d := storetest.NewDelivery(desk.Lane(fmt.Sprint("lane", n%lanes)), "")
		d.Content.Text = fmt.Sprint(n / lanes)
		storetest.Enqueue(t, s, d)
	}
	var next [lanes]atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			token := fmt.Sprint("worker", w)
			for left := true; left; {
				for l := range lanes {
					workLane(t, s, l, token, &next[l])
				}
				due, err := s.OpenLanes(ctx, 1)
				left = len(due) > 0 && err == nil
			}
		})
	}
	wg.Wait()
	for l := range next {
		if got := next[l].Load(); got != each {
			t.Errorf("lane %d: got %d sent, want %d", l, got, each)
		}
	}
}

func workLane(t *testing.T, s store.Store, l int, token string, next *atomic.Int64) {
	ctx := t.Context()
	var d desk.Delivery
	err := s.Update(ctx, func(tx store.Tx) (err error) {
		d, _, err = tx.Head(ctx, desk.Lane(fmt.Sprint("lane", l)))
		if err != nil {
			return err
		}
		return tx.Claim(ctx, d.ID, token, time.Hour, minute(1))
	})
	if errors.Is(err, desk.ErrNotFound) || errors.Is(err, desk.ErrConflict) {
		return // another has it
	}
	if err != nil {
		t.Error(err)
		return
	}
	if n := next.Add(1) - 1; d.Content.Text != fmt.Sprint(n) {
		t.Errorf("lane %d: sent %s as number %d", l, d.Content.Text, n)
	}
	if err := storetest.Settle(t, s, d.Settle(desk.Verdict{Kind: desk.Sent}, minute(2)), token); err != nil {
		t.Errorf("settle: %v", err)
	}
}
