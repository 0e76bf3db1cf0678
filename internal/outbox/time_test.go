package outbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func TestTriesGoOnForeverFurtherAndFurtherApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		w.plan = func(desk.Delivery, int) fault { return broken }
		all := enqueue(t, s, "lane:1", 2)
		begin := time.Now()
		var log logged
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, outbox.Options{Log: log.logger(t), Poll: time.Minute}))
		time.Sleep(6 * time.Hour)
		w.mu.Lock()
		w.plan = nil
		w.mu.Unlock()
		time.Sleep(2 * time.Minute)
		stop()
		same(t, "posted", w.posted("lane:1"), ids(1, all))
		sends, _ := w.calls()
		if got := sends[1].at.Sub(begin); got > time.Second {
			t.Errorf("the second try came after %v, want a second at most", got)
		}
		if got := len(sends); got < 6*60 || got > 6*60*4/3+20 {
			t.Errorf("%d tries in six hours, want about one a minute", got)
		}
		if got := strings.Count(log.String(), "delivery waits"); got != 9 {
			t.Errorf("%d log lines for the tries of six hours, want 9: each twice as far as the one before", got)
		}
	})
}

func TestRetryAfterHoldsTheWholeMethod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		begin := time.Now()
		w.budget = func(d desk.Delivery) []pace.Bucket {
			if d.Lane == "lane:other" {
				return []pace.Bucket{{Key: "other"}}
			}
			return []pace.Bucket{{Key: "method"}}
		}
		held := &holding{sender: &sender{slack: w}, until: begin.Add(30 * time.Second)}
		stop := run(t, outbox.New(s, held, l.settled, outbox.Options{}))
		enqueue(t, s, "lane:1", 1)
		synctest.Wait()
		enqueue(t, s, "lane:2", 1)
		enqueue(t, s, "lane:other", 1)
		time.Sleep(time.Minute)
		stop()
		sends, _ := w.calls()
		got := map[string][]time.Duration{}
		for _, c := range sends {
			got[c.id] = append(got[c.id], c.at.Sub(begin))
		}
		want := map[string][]time.Duration{
			"1.0": {30 * time.Second}, "2.0": {30 * time.Second}, // the refused call is holding's own
			"3.0": {0},
		}
		same(t, "sends", got, want)
		same(t, "reason while held", held.calls, 1)
	})
}

// holding is refused once with Retry-After.
type holding struct {
	*sender
	until time.Time
	calls int
}

func (h *holding) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if h.calls == 0 {
		h.calls++
		return desk.Verdict{Kind: desk.Retry, At: h.until, Hold: "method", Reason: "ratelimited"}
	}
	return h.sender.Send(ctx, d)
}

func TestPaceIsKeptAndWaitingIsCheap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		counted := &flaky{Store: s}
		w, l := newSlack(), &ledger{}
		limit := pace.Limit{Every: time.Second, Burst: 2}
		w.budget = func(desk.Delivery) []pace.Bucket { return []pace.Bucket{{Key: "posts", Limit: limit}, {Key: "free"}} }
		const many = 300
		for i := range many {
			enqueue(t, s, desk.Lane(fmt.Sprintf("lane:%d", i)), 1)
		}
		begin := time.Now()
		stop := run(t, outbox.New(counted, &sender{slack: w}, l.settled, outbox.Options{}))
		time.Sleep(time.Hour)
		stop()
		sends, _ := w.calls()
		if len(sends) != many {
			t.Fatalf("%d sends, want %d", len(sends), many)
		}
		for i, c := range sends {
			if got, want := c.at.Sub(begin), time.Duration(max(i-1, 0))*time.Second; got != want {
				t.Fatalf("call %d came at %v, want %v", i+1, got, want)
			}
		}
		// One to be told when to come, one to claim, one to settle, and some
		// who were told the same time.
		if got := counted.count(); got > 4*many {
			t.Errorf("%d updates for %d deliveries", got, many)
		}
	})
}

func TestPaceIsKeptAcrossARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		w.budget = func(desk.Delivery) []pace.Bucket {
			return []pace.Bucket{{Key: "posts", Limit: pace.Limit{Every: time.Minute}}}
		}
		begin := time.Now()
		enqueue(t, s, "lane:1", 3)
		for range 2 {
			stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, outbox.Options{}))
			time.Sleep(10 * time.Second)
			stop()
		}
		sends, _ := w.calls()
		same(t, "sends within 20 seconds", len(sends), 1)
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, outbox.Options{}))
		time.Sleep(time.Hour)
		stop()
		sends, _ = w.calls()
		for i, c := range sends {
			same(t, "time of a send", c.at.Sub(begin), time.Duration(i)*time.Minute)
		}
	})
}

// What may have arrived is looked for when the sender said, and not sent
// again before looking has settled it.
func TestLookingTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		begin := time.Now()
		all := enqueue(t, s, "lane:1", 2)
		w.plan = func(d desk.Delivery, try int) fault {
			if d.ID == all[0].ID && try == 0 {
				return lost
			}
			return fine
		}
		var looked []desk.Delivery
		w.look = func(d desk.Delivery, n int) *desk.Verdict {
			looked = append(looked, d)
			switch n {
			case 1: // it cannot be told before a time
				return &desk.Verdict{Kind: desk.Unknown, At: begin.Add(10 * time.Second), Reason: "too soon"}
			case 2: // the look itself fails
				panic("in look")
			case 3:
				return &desk.Verdict{Kind: desk.VerdictKind(99)}
			}
			return nil
		}
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, outbox.Options{}))
		time.Sleep(9 * time.Second)
		same(t, "state meanwhile", stored(t, s, all[0].ID).State, desk.DeliveryUnknown)
		time.Sleep(time.Hour)
		stop()
		same(t, "posted", w.posted("lane:1"), ids(1, all))
		sends, looks := w.calls()
		same(t, "sends", len(sends), 3)
		same(t, "first look", looks[0].at.Sub(begin), 2*time.Second)
		same(t, "second look", looks[1].at.Sub(begin), 10*time.Second)
		same(t, "looks", len(looks), 4)
		for _, d := range looked {
			if !d.TriedAt.Equal(begin) || d.State != desk.DeliveryUnknown {
				t.Errorf("looked for %s tried at %v, want an unknown tried at %v", d.State, d.TriedAt, begin)
			}
		}
		if resent, last := sends[1].at, looks[3].at; resent.Before(last) {
			t.Errorf("sent again at %v, before the last look at %v", resent, last)
		}
	})
}

// A claim lasts as long as its try and then some, so that no other process
// looks for what is still on its way.
func TestAClaimOutlivesItsTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		w.plan = func(_ desk.Delivery, try int) fault {
			if try == 0 {
				return hangLanded
			}
			return fine
		}
		all := enqueue(t, s, "lane:1", 1)
		for range 2 {
			run(t, outbox.New(s, &sender{slack: w}, l.settled, outbox.Options{}))
		}
		time.Sleep(time.Minute)
		same(t, "posted", w.posted("lane:1"), ids(1, all))
		sends, looks := w.calls()
		same(t, "sends and looks", [2]int{len(sends), len(looks)}, [2]int{1, 1})
		same(t, "from the send to the look", looks[0].at.Sub(sends[0].at), 10*time.Second) // the try's 8, then 2
	})
}

func TestAFileMayTakeLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		d := desk.Delivery{Lane: desk.FileLane("f1"), Kind: desk.DeliverFetch, State: desk.DeliveryPending}
		if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Enqueue(t.Context(), &d) }); err != nil {
			t.Fatal(err)
		}
		var ended time.Duration
		slow := &fetching{sender: &sender{slack: w}, ended: &ended}
		run(t, outbox.New(s, slow, l.settled, outbox.Options{}))
		time.Sleep(10 * time.Minute)
		same(t, "cut after", ended, 2*time.Minute)
	})
}

// fetching hangs once.
type fetching struct {
	*sender
	ended *time.Duration
}

func (f *fetching) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if *f.ended == 0 {
		begin := time.Now()
		<-ctx.Done()
		*f.ended = time.Since(begin)
		return desk.Verdict{Kind: desk.Retry}
	}
	return f.sender.Send(ctx, d)
}

// When pace keeps words for longer than somebody would notice, that is told once,
// after it is written down; of shorter waits, and of what is no words, nothing.
func TestThatWordsWaitIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		c := storetest.AddCase(t, s, 1)
		w, l := newSlack(), &ledger{}
		every := 800 * time.Millisecond
		w.budget = func(desk.Delivery) []pace.Bucket {
			return []pace.Bucket{{Key: "posts", Limit: pace.Limit{Every: every}}}
		}
		var told []desk.DeliveryState
		o := outbox.Options{Waits: func(ctx context.Context, id desk.CaseID) error {
			same(t, "case", id, c.ID)
			waiting, err := s.DeliveriesOf(ctx, id, 0)
			for _, d := range waiting {
				if d.Reason == desk.Paced && time.Until(d.NotBefore) > time.Second {
					told = append(told, d.State)
				}
			}
			return err
		}}
		words := func(lane desk.Lane, n int) {
			var all []desk.Delivery
			for i := range n {
				all = append(all, desk.Delivery{Lane: lane, Case: c.ID, Kind: desk.DeliverReply, Seq: int64(i + 1), Place: "T1/C1", State: desk.DeliveryPending, CreatedAt: time.Now()})
			}
			storetest.Enqueue(t, s, all...)
			time.Sleep(time.Minute)
			synctest.Wait() // what the outbox has done by now is seen
		}
		defer run(t, outbox.New(s, &sender{slack: w}, l.settled, o))()
		words(desk.CaseLane(c.ID), 3)
		same(t, "told of short waits", len(told), 0)
		every = 5 * time.Second
		words(desk.CardLane(c.ID), 3)
		same(t, "told of a card", len(told), 0)
		words(desk.CaseLane(c.ID), 3)
		same(t, "told of long waits", len(told), 2)
	})
}
