package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
)

// dead is a Slack that can be switched off: then no call is answered, half of
// them after they have landed.
type dead struct {
	*sender
	off   atomic.Bool
	tries atomic.Int64 // while it was off
}

func (s *dead) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if !s.off.Load() {
		return s.sender.Send(ctx, d)
	}
	<-time.After(7 * time.Second) // the caller's patience
	if n := s.tries.Add(1); n%2 == 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, there := s.ts[d.Correlation()]; !there {
			s.post(d)
		}
	}
	return desk.Verdict{Kind: desk.Unknown, Down: true, Reason: "slack did not answer in time"}
}

func (s *dead) Look(ctx context.Context, d desk.Delivery) desk.Verdict {
	if !s.off.Load() {
		return s.sender.Look(ctx, d)
	}
	<-time.After(7 * time.Second)
	s.tries.Add(1)
	return desk.Verdict{Kind: desk.Unknown, Down: true, Reason: "slack did not answer in time"}
}

// TestAnOutageIsWaitedForByOneForAll goes on writing in forty chats while Slack
// is dead for a quarter of an hour.
func TestAnOutageIsWaitedForByOneForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const chats = 40
		s := still(t)
		w, l := newSlack(), &ledger{}
		slack := &dead{sender: &sender{slack: w}}
		o := outbox.New(s, slack, l.settled, outbox.Options{})
		stop := run(t, o)
		all := map[desk.Lane][]desk.Delivery{}
		write := func() {
			for n := range chats {
				lane := desk.Lane(fmt.Sprintf("lane:%d", n))
				all[lane] = append(all[lane], enqueue(t, s, lane, 1)...)
			}
		}
		write()
		time.Sleep(time.Minute)
		slack.off.Store(true)
		begin := time.Now()
		for range 15 { // minutes
			write()
			time.Sleep(time.Minute)
		}
		h := o.Health()
		if h.Since.Sub(begin) > 10*time.Second || h.Reason != "slack did not answer in time" {
			t.Errorf("got health %+v, want that Slack is silent since %v", h, begin)
		}
		if wait := time.Until(h.Next); wait > time.Minute {
			t.Errorf("the next try is in %v, want a minute at most", wait)
		}
		// 16 lanes are worked at once when it begins; then one asks for all.
		if got := slack.tries.Load(); got > 16+40 {
			t.Errorf("a dead Slack was called %d times in a quarter of an hour", got)
		}
		slack.off.Store(false)
		time.Sleep(2 * time.Minute)
		if h := o.Health(); h != (outbox.Health{}) {
			t.Errorf("got health %+v after Slack answered", h)
		}
		stop()
		for lane, want := range all {
			if got := w.posted(lane); !slices.Equal(got, ids(1, want)) {
				t.Errorf("%s: posted %v, want %v", lane, got, ids(1, want))
			}
		}
	})
}

// What Slack had to tell may be lost when it has not answered for long, so it is
// said when it answers again.
func TestB8_ThatSlackSpeaksAgainIsTold(t *testing.T) {
	for off, want := range map[time.Duration]int64{30 * time.Second: 0, 5 * time.Minute: 1} {
		t.Run(off.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var spoke atomic.Int64
				s := still(t)
				slack := &dead{sender: &sender{slack: newSlack()}}
				stop := run(t, outbox.New(s, slack, (&ledger{}).settled, outbox.Options{Spoke: func() { spoke.Add(1) }}))
				enqueue(t, s, "lane:1", 1)
				time.Sleep(time.Minute)
				slack.off.Store(true)
				enqueue(t, s, "lane:1", 3)
				time.Sleep(off)
				if got := spoke.Load(); got != 0 {
					t.Errorf("told %d times before Slack spoke again", got)
				}
				slack.off.Store(false)
				time.Sleep(2 * time.Minute)
				stop()
				if got := spoke.Load(); got != want {
					t.Errorf("told %d times, want %d", got, want)
				}
			})
		})
	}
}

// One chat that Slack does not answer about is no outage.
func TestOneLanesTroubleIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		enqueue(t, s, "lane:odd", 1)
		odd := &oddLane{sender: &sender{slack: w}}
		stop := run(t, outbox.New(s, odd, l.settled, outbox.Options{}))
		time.Sleep(10 * time.Minute)
		begin := time.Now()
		fine := enqueue(t, s, "lane:fine", 1)
		time.Sleep(time.Second)
		stop()
		if got := w.posted("lane:fine"); !slices.Equal(got, ids(1, fine)) {
			t.Errorf("posted %v within a second, want %v", got, ids(1, fine))
		}
		if sends, _ := w.calls(); sends[len(sends)-1].at.Sub(begin) > time.Second {
			t.Error("it had to wait")
		}
	})
}

// oddLane never gets an answer about one lane.
type oddLane struct{ *sender }

func (s *oddLane) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if d.Lane == "lane:odd" {
		return desk.Verdict{Kind: desk.Retry, Down: true, Reason: "HTTP status 500"}
	}
	return s.sender.Send(ctx, d)
}

// Being shut out needs one answer only.
func TestShutOutIsFoundOutOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		for n := range 20 {
			enqueue(t, s, desk.Lane(fmt.Sprintf("lane:%d", n)), 1)
		}
		out := &shutOut{sender: &sender{slack: w}}
		out.off.Store(true)
		o := outbox.New(s, out, l.settled, outbox.Options{Lanes: 1})
		stop := run(t, o)
		time.Sleep(10*time.Minute + 30*time.Second)
		if got := out.tries.Load(); got > 12 {
			t.Errorf("%d tries in ten minutes, want one a minute", got)
		}
		out.off.Store(false)
		o.Heal("")
		time.Sleep(10 * time.Second)
		stop()
		if sends, _ := w.calls(); len(sends) != 20 {
			t.Errorf("%d were sent after all, want 20", len(sends))
		}
	})
}

type shutOut struct {
	*sender
	who   desk.Lane // begins the lanes that it is about; empty for all
	off   atomic.Bool
	tries atomic.Int64
}

func (s *shutOut) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if s.off.Load() && strings.HasPrefix(string(d.Lane), string(s.who)) {
		s.tries.Add(1)
		return desk.Verdict{Kind: desk.Retry, Shut: true, At: time.Now().Add(time.Minute), Reason: "token_revoked"}
	}
	return s.sender.Send(ctx, d)
}

// A workspace that has shut us out is no matter of the others: their words go
// on, and one try a minute finds out when it lets us in again.
func TestOneWorkspaceThatHasShutUsOutHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		slack := &shutOut{sender: &sender{slack: w}, who: "T1"}
		slack.off.Store(true)
		o := outbox.New(s, slack, l.settled, outbox.Options{Who: func(d desk.Delivery) string { return string(d.Lane[:2]) }})
		stop := run(t, o)
		all := map[desk.Lane][]desk.Delivery{}
		for range 10 { // minutes
			for n := range 5 {
				for _, who := range []string{"T1", "T2"} {
					lane := desk.Lane(fmt.Sprintf("%s:%d", who, n))
					all[lane] = append(all[lane], enqueue(t, s, lane, 1)...)
				}
			}
			time.Sleep(time.Second)
			for n := range 5 {
				lane := desk.Lane(fmt.Sprintf("T2:%d", n))
				if got := w.posted(lane); !slices.Equal(got, ids(1, all[lane])) {
					t.Fatalf("%s: posted %v within a second, want %v", lane, got, ids(1, all[lane]))
				}
			}
			time.Sleep(59 * time.Second)
		}
		if got := slack.tries.Load(); got > 12+16 { // 16 lanes are worked at once when it begins
			t.Errorf("%d tries in ten minutes, want one a minute", got)
		}
		if h := o.Health(); h != (outbox.Health{}) {
			t.Errorf("got health %+v, though Slack answers", h)
		}
		time.Sleep(30 * time.Second) // the next try of T1 is half a minute away
		slack.off.Store(false)
		o.Heal("T2") // says nothing of T1
		time.Sleep(time.Second)
		if got := w.posted("T1:0"); len(got) > 0 {
			t.Errorf("posted %v before anybody knows that T1 lets us in", got)
		}
		o.Heal("T1")
		time.Sleep(10 * time.Second)
		stop()
		for lane, want := range all {
			if got := w.posted(lane); !slices.Equal(got, ids(1, want)) {
				t.Errorf("%s: posted %v, want %v", lane, got, ids(1, want))
			}
		}
	})
}

// What waits in a workspace where our app is not installed says nothing of Slack:
// nobody asked it.
func TestWhatNobodyAskedIsNoAnswerOfSlack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		for n := range 5 {
			enqueue(t, s, desk.Lane(fmt.Sprintf("T1:%d", n)), 1)
			enqueue(t, s, desk.Lane(fmt.Sprintf("T2:%d", n)), 1)
		}
		out := &uninstalled{sender: &sender{slack: w}}
		var spoke atomic.Int64
		o := outbox.New(s, out, l.settled, outbox.Options{Who: func(d desk.Delivery) string { return string(d.Lane[:2]) }, Spoke: func() { spoke.Add(1) }})
		stop := run(t, o)
		time.Sleep(30 * time.Second)
		since := o.Health().Since
		for range 100 {
			time.Sleep(6 * time.Second)
			if h := o.Health(); h.Since.IsZero() || h.Since != since {
				t.Fatalf("Slack is down since %v, and now counts as %+v", since, h)
			}
		}
		stop()
		if n := spoke.Load(); n > 0 {
			t.Errorf("Slack counted as back %d times", n)
		}
	})
}

// An uninstalled Slack gives no answer in workspace T2; in T1 our app is not.
type uninstalled struct{ *sender }

func (s *uninstalled) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if d.Lane[:2] == "T1" {
		return desk.Verdict{Kind: desk.Retry, Shut: true, Unasked: true, At: time.Now().Add(time.Minute), Reason: "not_installed"}
	}
	return desk.Verdict{Kind: desk.Retry, Down: true, Reason: "timeout"}
}

// What waits in a workspace that is away for long costs little, and hides nothing
// that no hint told of.
func TestManyLanesOfAWorkspaceThatIsAwayCostLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const many = 1200 // more than one look at the database takes in
		s := still(t)
		counted := &flaky{Store: s, deaf: true}
		w, l := newSlack(), &ledger{}
		slack := &shutOut{sender: &sender{slack: w}, who: "T1"}
		slack.off.Store(true)
		for n := range many {
			enqueue(t, s, desk.Lane(fmt.Sprintf("T1:%d", n)), 1)
		}
		stop := run(t, outbox.New(counted, slack, l.settled, outbox.Options{Who: func(d desk.Delivery) string { return string(d.Lane[:2]) }}))
		time.Sleep(time.Minute)
		before := counted.count()
		time.Sleep(10 * time.Minute)
		if got := counted.count() - before; got > 13*many {
			t.Errorf("%d updates in ten minutes, want about one a lane and minute", got)
		}
		fine := enqueue(t, s, "T2:1", 1)
		time.Sleep(5 * time.Second)
		stop()
		if got := w.posted("T2:1"); !slices.Equal(got, ids(1, fine)) {
			t.Errorf("posted %v within five seconds, want %v", got, ids(1, fine))
		}
	})
}
