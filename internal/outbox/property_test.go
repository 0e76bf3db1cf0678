package outbox_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// TestEveryDeliveryLandsOnceAndInOrder queues deliveries of several lanes and
// parts, half of them to be claimed by the same commit, while Slack fails in
// every way it can, the database fails, and the process crashes at random
// moments.
func TestEveryDeliveryLandsOnceAndInOrder(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) { stormyOutbox(t, s, seed) })
		})
	}
}

func stormyOutbox(t *testing.T, s store.Store, seed uint64) {
	const count, each, crashes = 5, 16, 5
	w := newSlack()
	w.parts = 2
	w.plan = stormy(seed)
	w.budget = func(d desk.Delivery) []pace.Bucket {
		return []pace.Bucket{
			{Key: "method", Limit: pace.Limit{Every: 500 * time.Microsecond, Burst: 3}},
			{Key: string(d.Lane), Limit: pace.Limit{Every: time.Millisecond, Burst: 2}},
		}
	}
	once := func(ctx context.Context, tx store.Tx, d desk.Delivery, v desk.Verdict) error {
		if v.Kind != desk.Sent {
			return nil
		}
		added, err := tx.AddEvent(ctx, &desk.Event{Key: d.Correlation(), Lane: "sent", State: desk.EventDone})
		if err == nil && !added {
			// Right only for a settling whose answer was lost; any other
			// will never get past this, and the test wait in vain.
			return desk.ErrConflict
		}
		return err
	}
	var current atomic.Pointer[outbox.Outbox]
	start := func(life uint64) (crash func()) {
		process := &flaky{Store: s, random: seeded(seed + 100*life), lost: 0.03, landed: 0.03}
		way := &sender{slack: w}
		o := outbox.New(process, way, once, brief())
		current.Store(o)
		stop := run(t, o)
		return func() {
			w.mu.Lock()
			way.dead = true
			w.mu.Unlock()
			process.die()
			stop()
		}
	}

	crash := start(0)
	queued := make([][]desk.Delivery, count)
	var writers sync.WaitGroup
	for n := range count {
		writers.Go(func() {
			random := seeded(seed*10 + uint64(n))
			for len(queued[n]) < each {
				if all := make([]desk.Delivery, 1+random.IntN(3)); random.IntN(2) == 0 {
					queued[n] = append(queued[n], enqueue(t, s, lane(n), len(all))...)
				} else {
					key := fmt.Sprintf("queued %d in lane %d", len(queued[n]), n)
					for current.Load().Update(t.Context(), lane(n), only(t, key, queueing(t, lane(n), all))) != nil {
						pauseFor(time.Millisecond) // it has crashed, or its database failed
					}
					queued[n] = append(queued[n], all...)
				}
				pauseFor(time.Duration(random.IntN(10)) * time.Millisecond)
			}
		})
	}
	for life := range uint64(crashes) {
		sends, _ := w.calls()
		eventually(t, "some were tried", func() bool {
			now, _ := w.calls()
			return len(now) >= len(sends)+10 || empty(t, s)
		})
		crash()
		crash = start(life + 1)
	}
	writers.Wait()
	eventually(t, "all are settled", func() bool { return empty(t, s) })
	crash()
	for n, all := range queued {
		same(t, "posted in "+string(lane(n)), w.posted(lane(n)), expected(t, s, w, all))
	}
}

// only is update, unless it has been committed with the key.
func only(t *testing.T, key string, update func(store.Tx) error) func(store.Tx) error {
	return func(tx store.Tx) error {
		added, err := tx.AddEvent(t.Context(), &desk.Event{Key: key, Lane: "queued", State: desk.EventDone})
		if !added || err != nil {
			return err
		}
		return update(tx)
	}
}

func lane(n int) desk.Lane { return desk.Lane(fmt.Sprintf("lane:%d", n)) }

// stormy is a plan in which two of three calls go well.
func stormy(seed uint64) func(desk.Delivery, int) fault {
	random := seeded(seed)
	return func(desk.Delivery, int) fault {
		switch n := random.IntN(100); {
		case n < 66:
			return fine
		case n < 68:
			return refused
		}
		return fault(random.IntN(int(faults - 1))) // refused, the last, has had its chance
	}
}

// expected returns the ids of all parts of the deliveries, except those from
// which on Slack refused, as far as that was written down: a refusal that was
// not is followed by another try.
func expected(t *testing.T, s store.Store, w *slack, all []desk.Delivery) []string {
	t.Helper()
	var want []string
	for _, d := range all {
		got := stored(t, s, d.ID)
		parts := w.parts
		if got.State == desk.DeliveryRefused {
			parts = got.Part
			if !w.gone[d.ID] {
				t.Errorf("delivery %d is refused, which Slack never said", d.ID)
			}
		}
		want = append(want, ids(parts, []desk.Delivery{d})...)
	}
	return want
}

func pauseFor(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	<-timer.C
}
