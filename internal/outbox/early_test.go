package outbox_test

import (
	"errors"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// deafly are options for tests of what neither a hint nor a poll may begin.
func deafly() outbox.Options {
	o := quick()
	o.Poll = time.Hour
	return o
}

// running runs an outbox that hears no hints, and returns when it works lanes.
func running(t *testing.T, s store.Store, w outbox.Sender, o outbox.Options) (_ *outbox.Outbox, counted *flaky, stop func()) {
	t.Helper()
	first := enqueue(t, s, "first", 1)
	counted = &flaky{Store: s, deaf: true}
	out := outbox.New(counted, w, (&ledger{}).settled, o)
	stop = run(t, out)
	eventually(t, "it runs", func() bool { return stored(t, s, first[0].ID).State == desk.DeliverySent })
	return out, counted, stop
}

// promptly adds n deliveries to a lane by the outbox and returns them.
func promptly(t *testing.T, o *outbox.Outbox, lane desk.Lane, n int) []desk.Delivery {
	t.Helper()
	all := make([]desk.Delivery, n)
	if err := o.Update(t.Context(), lane, queueing(t, lane, all)); err != nil {
		t.Fatalf("nothing is queued: %v", err)
	}
	return all
}

func TestWhatIsQueuedIsClaimedByTheSameCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w := newSlack()
		o, counted, _ := running(t, s, &sender{slack: w}, deafly())
		before := counted.count()
		all := promptly(t, o, "lane:1", 3)
		eventually(t, "all are sent", func() bool { return empty(t, s) })
		same(t, "posted", w.posted("lane:1"), ids(1, all))
		if got := counted.count() - before; got != 4 {
			t.Errorf("%d updates for three deliveries of a lane, want the one that queues and three settlings", got)
		}
		if got := stored(t, s, all[0].ID); got.Attempts != 1 || got.TriedAt.IsZero() {
			t.Errorf("the first is %+v, want one attempt", got)
		}
	})
}

func TestWhatJoinsALaneAtWorkWaitsForItsTurn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w := newSlack()
		slow := &slowSender{sender: &sender{slack: w}, begun: make(chan struct{}), answer: make(chan struct{})}
		o := outbox.New(s, slow, (&ledger{}).settled, quick())
		all := enqueue(t, s, "lane:1", 1)
		run(t, o)
		<-slow.begun
		more := promptly(t, o, "lane:1", 2)
		close(slow.answer)
		eventually(t, "all are sent", func() bool { return empty(t, s) })
		same(t, "posted", w.posted("lane:1"), ids(1, append(all, more...)))
	})
}

func TestWhatCannotBeClaimedIsQueuedAllTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w := newSlack()
		panics := 1
		w.budget = func(d desk.Delivery) []pace.Bucket {
			if d.Lane == "lane:1" && panics > 0 {
				panics--
				panic("no budget")
			}
			return nil
		}
		o, _, _ := running(t, s, &sender{slack: w}, deafly())
		all := promptly(t, o, "lane:1", 1)
		eventually(t, "it is sent", func() bool { return empty(t, s) })
		same(t, "posted", w.posted("lane:1"), ids(1, all))
	})
}

func TestAnUpdateThatFailsLeavesItsLaneFree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w := newSlack()
		o, _, _ := running(t, s, &sender{slack: w}, quick())
		all := make([]desk.Delivery, 1)
		err := o.Update(t.Context(), "lane:1", func(tx store.Tx) error {
			return errors.Join(queueing(t, "lane:1", all)(tx), errFault)
		})
		if !errors.Is(err, errFault) {
			t.Errorf("Update says %v, want the update's own error", err)
		}
		if !empty(t, s) {
			t.Error("something was queued all the same")
		}
		all = promptly(t, o, "lane:1", 1)
		eventually(t, "it is sent", func() bool { return empty(t, s) })
		same(t, "posted", w.posted("lane:1"), ids(1, all))
	})
}

func TestAStopWaitsForWhatIsBeingQueued(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w := newSlack()
		o, _, stop := running(t, s, &sender{slack: w}, deafly())
		all := make([]desk.Delivery, 1)
		stopped := make(chan struct{})
		err := o.Update(t.Context(), "lane:1", func(tx store.Tx) error {
			go func() {
				defer close(stopped)
				stop()
			}()
			return queueing(t, "lane:1", all)(tx)
		})
		if err != nil {
			t.Fatal(err)
		}
		<-stopped
		same(t, "state", stored(t, s, all[0].ID).State, desk.DeliverySent)
		same(t, "posted", w.posted("lane:1"), ids(1, all))
		all = promptly(t, o, "lane:1", 1)
		same(t, "state after the stop", stored(t, s, all[0].ID).State, desk.DeliveryPending)
	})
}
