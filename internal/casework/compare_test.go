package casework_test

import (
	"fmt"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Running chats are compared with Slack's history each in its turn, spread over
// the time, and none a second time while the first waits.
func TestB8_ComparingIsSpreadAndNeverBunches(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	b := newBench(t, s)
	b.must(s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }))
	const chats, every, step = 300, 5 * time.Minute, 10 * time.Second
	b.must(s.Update(t.Context(), func(tx store.Tx) error {
		for i := range chats {
			if err := runningChat(t, tx, i, noon); err != nil {
				return err
			}
		}
		return nil
	}))
	due := func() int {
		lanes, err := s.OpenLanes(t.Context(), 2*chats)
		b.must(err)
		return len(lanes)
	}
	for stretch := range 2 {
		for range every / step {
			before := due()
			from := b.now
			b.later(step)
			b.must(b.Compare(t.Context(), every, from, b.now))
			if n := due() - before; n > 3*chats*int(step)/int(every) {
				t.Errorf("%d of %d chats came in %v of %v", n, chats, step, every)
			}
		}
		if n := due(); n != chats {
			t.Errorf("after %d stretches %d chats wait, want %d", stretch+1, n, chats)
		}
	}
	for i := range chats {
		id := desk.NewCaseID("111122223333", 2026, uint64(i))
		d := b.settle(desk.CompareLane(id), desk.Verdict{Kind: desk.Sent})
		b.must(s.Update(t.Context(), func(tx store.Tx) error {
			if _, _, err := tx.Head(t.Context(), desk.CompareLane(id)); err == nil {
				return fmt.Errorf("chat %d is read twice, first by %d", i, d.ID)
			}
			return nil
		}))
	}
}

// A chat is compared from where it last was, which neither shows as a change of
// its case nor leaves a row behind each time.
func TestB8_AComparisonGoesOnFromTheLast(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	b := newBench(t, s)
	b.must(s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SaveAgent(t.Context(), &jane); err != nil {
			return err
		}
		return runningChat(t, tx, 1, noon)
	}))
	id := desk.NewCaseID("111122223333", 2026, 1)
	first, err := s.Case(t.Context(), id)
	b.must(err)
	var read []desk.Delivery
	for _, v := range []desk.Verdict{{Kind: desk.Sent}, {Kind: desk.Refused, Reason: "missing_scope"}, {Kind: desk.Sent}} {
		from := b.now
		b.later(10 * time.Minute)
		b.must(b.Compare(t.Context(), 10*time.Minute, from, b.now))
		read = append(read, b.settle(desk.CompareLane(id), v))
		storetest.Enqueue(t, s, storetest.NewDelivery("other", "")) // or SQLite may use the ID again
	}
	c, err := s.Case(t.Context(), id)
	b.must(err)
	if want := noon.Add(30 * time.Minute); !c.Chat.ComparedAt.Equal(want) || c.Revision != first.Revision {
		t.Errorf("compared at %v in revision %d, want %v in revision %d", c.Chat.ComparedAt, c.Revision, want, first.Revision)
	}
	for i, d := range read {
		_, err := s.Delivery(t.Context(), d.ID)
		if is := err == nil; is != (i == len(read)-1) {
			t.Errorf("reading %d: kept %v", i, is)
		}
	}
}

// What is known to be missing is read at once, though a comparison waits for its
// part of Slack's limits, which may take long; and while it is read, nothing is
// compared.
func TestB8_CatchingUpDoesNotWaitForComparing(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	b := newBench(t, s)
	b.must(s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SaveAgent(t.Context(), &jane); err != nil {
			return err
		}
		return runningChat(t, tx, 1, noon)
	}))
	id := desk.NewCaseID("111122223333", 2026, 1)
	b.must(b.Compare(t.Context(), time.Minute, noon, noon.Add(time.Minute)))
	b.must(b.CatchUp(t.Context(), time.Time{}))
	if d := b.settle(desk.HistoryLane(id), desk.Verdict{Kind: desk.Sent, More: true}); d.Content.What == desk.Comparing {
		t.Error("a comparison is in the lane of catching up")
	}
	b.settle(desk.CompareLane(id), desk.Verdict{Kind: desk.Sent})
	b.must(b.Compare(t.Context(), time.Minute, noon, noon.Add(time.Minute)))
	lanes, err := s.OpenLanes(t.Context(), 9)
	b.must(err)
	if len(lanes) != 1 || lanes[0].Lane != desk.HistoryLane(id) {
		t.Errorf("open are %v, want the catching up alone", lanes)
	}
}
