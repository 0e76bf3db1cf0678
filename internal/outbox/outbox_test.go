package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func TestDeliveriesOfALaneAreSentInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		counted := &flaky{Store: s}
		all := enqueue(t, s, "lane:1", 5)
		stop := run(t, outbox.New(counted, &sender{slack: w}, l.settled, outbox.Options{Poll: time.Hour}))
		eventually(t, "all are sent", func() bool { return empty(t, s) })
		stop()
		same(t, "posted", w.posted("lane:1"), ids(1, all))
		if got := counted.count(); got > 6 {
			t.Errorf("%d updates for five deliveries of a lane, want a claim and five settlings", got)
		}
		var told []string
		for _, d := range all {
			told = append(told, d.Correlation()+" sent")
			got := stored(t, s, d.ID)
			if got.State != desk.DeliverySent || got.Receipt != "ts"+d.Correlation() || got.Attempts != 1 || got.SettledAt.IsZero() {
				t.Errorf("delivery %d is %+v", d.ID, got)
			}
		}
		same(t, "told", l.all(), told)
	})
}

func TestAHintIsEnough(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		run(t, outbox.New(s, &sender{slack: w}, l.settled, outbox.Options{Poll: time.Hour}))
		for i := range 5 {
			all := enqueue(t, s, "lane:1", 1)
			eventually(t, "it is sent", func() bool { return len(w.posted("lane:1")) == i+1 })
			eventually(t, "it is settled", func() bool { return stored(t, s, all[0].ID).State == desk.DeliverySent })
		}
	})
}

func TestPollingHealsLostHints(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		run(t, outbox.New(&flaky{Store: s, deaf: true}, &sender{slack: w}, l.settled, quick()))
		all := enqueue(t, s, "lane:1", 2)
		eventually(t, "all are sent", func() bool { return empty(t, s) })
		same(t, "posted", w.posted("lane:1"), ids(1, all))
	})
}

// Each call can go wrong in two ways at least; none loses or doubles a word,
// and what follows in the lane stays behind it.
func TestEachFault(t *testing.T) {
	tests := []struct {
		fault       fault
		sends       int
		looks       int
		lookMatters bool
	}{
		{fine, 1, 0, false},
		{lost, 2, 1, true},
		{landed, 1, 1, true},
		{panicLost, 2, 1, true},
		{panicLanded, 1, 1, true},
		{hangLost, 2, 1, true},
		{hangLanded, 1, 1, true},
		{limited, 2, 0, false},
		{broken, 2, 0, false},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.fault), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) {
				w, l := newSlack(), &ledger{}
				all := enqueue(t, s, "lane:1", 2)
				w.plan = func(d desk.Delivery, try int) fault {
					if d.ID == all[0].ID && try == 0 {
						return test.fault
					}
					return fine
				}
				stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, quick()))
				eventually(t, "all are sent", func() bool { return empty(t, s) })
				stop()
				same(t, "posted", w.posted("lane:1"), ids(1, all))
				sends, looks := w.calls()
				same(t, "sends", len(sends), test.sends+1)
				same(t, "looks", len(looks), test.looks)
				got := stored(t, s, all[0].ID)
				if got.State != desk.DeliverySent || got.Receipt != "ts"+all[0].Correlation() {
					t.Errorf("the delivery is %+v", got)
				}
			})
		})
	}
}

func TestARefusedDeliveryLetsItsLaneGoOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		var log logged
		o := quick()
		o.Log = log.logger(t)
		all := enqueue(t, s, "lane:1", 3)
		w.plan = func(d desk.Delivery, _ int) fault {
			if d.ID == all[1].ID {
				return refused
			}
			return fine
		}
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, o))
		eventually(t, "all are settled", func() bool { return empty(t, s) })
		stop()
		same(t, "posted", w.posted("lane:1"), []string{all[0].Correlation(), all[2].Correlation()})
		got := stored(t, s, all[1].ID)
		if got.State != desk.DeliveryRefused || got.Reason != "is_archived" || got.SettledAt.IsZero() {
			t.Errorf("the refused delivery is %+v", got)
		}
		if !strings.Contains(log.String(), `msg="delivery refused"`) || strings.Contains(log.String(), "secret") {
			t.Error("the log lacks the refusal, or holds what was to be said")
		}
	})
}

func TestWordsInSeveralParts(t *testing.T) {
	for _, f := range []fault{fine, lost, landed, broken} {
		t.Run(fmt.Sprint(f), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) {
				w, l := newSlack(), &ledger{}
				w.parts = 3
				w.plan = func(d desk.Delivery, try int) fault {
					if d.Part == 1 && try == 0 {
						return f
					}
					return fine
				}
				all := enqueue(t, s, "lane:1", 2)
				stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, quick()))
				eventually(t, "all are sent", func() bool { return empty(t, s) })
				stop()
				same(t, "posted", w.posted("lane:1"), ids(3, all))
				got := stored(t, s, all[0].ID)
				want := fmt.Sprintf("ts%[1]d.0 ts%[1]d.1 ts%[1]d.2", got.ID)
				same(t, "receipt", got.Receipt, want)
			})
		})
	}
}

func TestALaneThatHangsHoldsUpNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		o := quick()
		o.TryTimeout = time.Hour
		hung := enqueue(t, s, "lane:hangs", 2)
		w.plan = func(d desk.Delivery, _ int) fault {
			if d.ID == hung[0].ID {
				return hangLanded
			}
			return fine
		}
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, o))
		for i := range 5 {
			enqueue(t, s, desk.Lane(fmt.Sprintf("lane:%d", i)), 2)
		}
		eventually(t, "the others are sent", func() bool {
			for i := range 5 {
				if len(w.posted(desk.Lane(fmt.Sprintf("lane:%d", i)))) < 2 {
					return false
				}
			}
			return true
		})
		same(t, "posted in the lane that hangs", w.posted("lane:hangs"), []string(nil))
		stop()
	})
}

func TestFilesDoNotHoldUpWords(t *testing.T) {
	s := storetest.SQLite(t)
	w, l := newSlack(), &ledger{}
	o := quick()
	o.TryTimeout, o.FileLanes = time.Hour, 2
	w.plan = func(d desk.Delivery, _ int) fault {
		if d.Lane == "lane:words" {
			return fine
		}
		return hangLost
	}
	for i := range 40 { // more than all lanes together
		enqueue(t, s, desk.FileLane(desk.FileID(fmt.Sprint(i))), 1)
	}
	stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, o))
	eventually(t, "files are under way", func() bool {
		sends, _ := w.calls()
		return len(sends) == 2
	})
	enqueue(t, s, "lane:words", 1)
	eventually(t, "the words are sent", func() bool { return len(w.posted("lane:words")) == 1 })
	stop()
}

func TestSettledIsPartOfSettling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w := newSlack()
		l := &ledger{fail: func(_ desk.Delivery, _ desk.Verdict, n int) error {
			switch n {
			case 1:
				return errFault
			case 2:
				panic("in settled")
			}
			return nil
		}}
		all := enqueue(t, s, "lane:1", 2)
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, brief()))
		eventually(t, "all are sent", func() bool { return empty(t, s) })
		stop()
		same(t, "posted", w.posted("lane:1"), ids(1, all))
		same(t, "told", l.all(), []string{all[0].Correlation() + " sent", all[1].Correlation() + " sent"})
		known, err := s.People(t.Context(), []desk.PersonID{desk.PersonID(all[0].Correlation() + " sent")})
		if err != nil || len(known) != 1 {
			t.Errorf("what settled wrote: %v, %v", known, err)
		}
	})
}

// A process that dies leaves a claim that runs out. Whether its words arrived
// is looked up before anything is said again.
func TestACrashWhileSending(t *testing.T) {
	for _, f := range []fault{hangLost, hangLanded} {
		t.Run(fmt.Sprint(f), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) { crashWhileSending(t, s, f == hangLanded) })
		})
	}
}

func crashWhileSending(t *testing.T, s store.Store, arrives bool) {
	w, l := newSlack(), &ledger{}
	all := enqueue(t, s, "lane:1", 2)
	w.plan = func(d desk.Delivery, try int) fault {
		if d.ID != all[0].ID || try > 0 {
			return fine
		}
		if arrives {
			w.post(d)
		}
		return hangLost
	}
	first, process := &sender{slack: w}, &flaky{Store: s}
	o := brief()
	o.TryTimeout, o.Drain = 500*time.Millisecond, time.Nanosecond
	stop := run(t, outbox.New(process, first, l.settled, o))
	eventually(t, "it is being sent", func() bool {
		sends, _ := w.calls()
		return len(sends) == 1
	})
	process.die()
	w.mu.Lock()
	first.dead = true
	w.mu.Unlock()
	stop()
	same(t, "told by the dead", l.all(), []string(nil))

	stop = run(t, outbox.New(s, &sender{slack: w}, l.settled, quick()))
	eventually(t, "all are sent", func() bool { return empty(t, s) })
	stop()
	same(t, "posted", w.posted("lane:1"), ids(1, all))
	sends, looks := w.calls()
	same(t, "looks", len(looks), 1)
	if want := map[bool]int{true: 2, false: 3}[arrives]; len(sends) != want {
		t.Errorf("%d sends, want %d", len(sends), want)
	}
}

// A holder who comes too late changes nothing.
func TestALateHolderCannotSettle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		var log logged
		all := enqueue(t, s, "lane:1", 1)
		slow := &slowSender{sender: &sender{slack: w}, begun: make(chan struct{}), answer: make(chan struct{})}
		o := brief()
		o.Log = log.logger(t)
		stop := run(t, outbox.New(s, slow, l.settled, o))
		<-slow.begun
		stopSecond := run(t, outbox.New(s, &sender{slack: w}, l.settled, quick()))
		eventually(t, "the second has settled it", func() bool { return empty(t, s) })
		before := stored(t, s, all[0].ID)
		close(slow.answer)
		eventually(t, "the first has noticed", func() bool { return strings.Contains(log.String(), "delivery not settled") })
		stop()
		stopSecond()
		same(t, "the delivery", stored(t, s, all[0].ID), before)
		same(t, "posted", w.posted("lane:1"), ids(1, all))
	})
}

// slowSender sends, and answers only when it is told to: it heeds no context.
type slowSender struct {
	*sender
	begun, answer chan struct{}
}

func (s *slowSender) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	v := s.sender.Send(ctx, d)
	close(s.begun)
	<-s.answer
	return v
}

func TestAStopLetsRunningTriesFinish(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		all := enqueue(t, s, "lane:1", 3)
		slow := &slowSender{sender: &sender{slack: w}, begun: make(chan struct{}), answer: make(chan struct{})}
		o := quick()
		o.Drain = time.Hour
		stop := run(t, outbox.New(s, slow, l.settled, o))
		<-slow.begun
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			stop()
		}()
		close(slow.answer)
		<-stopped
		got := stored(t, s, all[0].ID).State
		if got != desk.DeliverySent {
			t.Errorf("the running try was settled as %s, want sent", got)
		}
		if got := len(w.posted("lane:1")); got > 2 {
			t.Errorf("%d were sent, want no more claimed after the stop", got)
		}
	})
}

func TestAStopCutsATryThatHangs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		all := enqueue(t, s, "lane:1", 2)
		w.plan = func(desk.Delivery, int) fault { return hangLanded }
		o := quick()
		o.TryTimeout, o.Drain = time.Hour, time.Millisecond
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, o))
		eventually(t, "it is being sent", func() bool {
			sends, _ := w.calls()
			return len(sends) == 1
		})
		stop()
		same(t, "state", stored(t, s, all[0].ID).State, desk.DeliveryUnknown)
		w.plan = nil
		run(t, outbox.New(s, &sender{slack: w}, l.settled, quick()))
		eventually(t, "all are sent", func() bool { return empty(t, s) })
		same(t, "posted", w.posted("lane:1"), ids(1, all))
	})
}

func TestTwoProcessesShareTheWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		w, l := newSlack(), &ledger{}
		run(t, outbox.New(s, &sender{slack: w}, l.settled, quick()))
		run(t, outbox.New(s, &sender{slack: w}, l.settled, quick()))
		want := make(map[desk.Lane][]string)
		for range 10 {
			for n := range 8 {
				lane := desk.Lane(fmt.Sprint("lane:", n))
				want[lane] = append(want[lane], ids(1, enqueue(t, s, lane, 1))...)
			}
		}
		eventually(t, "all are sent", func() bool { return empty(t, s) })
		for lane := range want {
			same(t, "posted in "+string(lane), w.posted(lane), want[lane])
		}
	})
}

// The database's answer to a commit may be lost, and so may the commit.
func TestACommitWhoseAnswerIsLost(t *testing.T) {
	for update := range 4 {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("update %d landed %t", update+1, after), func(t *testing.T) {
				storetest.Each(t, func(t *testing.T, s store.Store) {
					w, l := newSlack(), &ledger{}
					all := enqueue(t, s, "lane:1", 3)
					f := &failAt{Store: s, at: update + 1, after: after}
					stop := run(t, outbox.New(f, &sender{slack: w}, l.settled, brief()))
					eventually(t, "all are sent", func() bool { return empty(t, s) })
					stop()
					same(t, "posted", w.posted("lane:1"), ids(1, all))
				})
			})
		}
	}
}

// failAt fails one update, before or after its commit.
type failAt struct {
	store.Store
	at, n int // of the only lane: one goroutine at a time
	after bool
}

func (f *failAt) Update(ctx context.Context, fn func(store.Tx) error) error {
	f.n++
	if f.n != f.at {
		return f.Store.Update(ctx, fn)
	}
	if f.after {
		return errors.Join(f.Store.Update(ctx, fn), errFault)
	}
	return errFault
}

func TestRunStartsAndStops(t *testing.T) {
	s := storetest.SQLite(t)
	w, l := newSlack(), &ledger{}
	w.plan = func(d desk.Delivery, try int) fault { return []fault{broken, lost, landed, fine}[min(try, 3)] }
	o := outbox.New(s, &sender{slack: w}, l.settled, brief())
	before := runtime.NumGoroutine()
	var want []string
	for range 100 {
		stop := run(t, o)
		want = append(want, ids(1, enqueue(t, s, "lane:1", 1))...)
		stop()
	}
	eventually(t, "all goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
	run(t, o)
	eventually(t, "all are sent", func() bool { return empty(t, s) })
	same(t, "posted", w.posted("lane:1"), want)
}
