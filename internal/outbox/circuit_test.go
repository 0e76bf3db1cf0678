package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/pace"
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
		o.Heal()
		time.Sleep(10 * time.Second)
		stop()
		if sends, _ := w.calls(); len(sends) != 20 {
			t.Errorf("%d were sent after all, want 20", len(sends))
		}
	})
}

type shutOut struct {
	*sender
	off   atomic.Bool
	tries atomic.Int64
}

func (s *shutOut) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if s.off.Load() {
		s.tries.Add(1)
		return desk.Verdict{Kind: desk.Retry, Shut: true, At: time.Now().Add(time.Minute), Reason: "token_revoked"}
	}
	return s.sender.Send(ctx, d)
}

// A Slack that refuses calls for long, though it gets the pauses that it asks
// for, may leave out events too; one that was called too fast once does not.
func TestB8_TheEndOfAStormIsTold(t *testing.T) {
	const method = "T1/conversations.history"
	for _, tt := range []struct {
		name  string
		lasts time.Duration
		asks  time.Duration // Slack asks to wait
		key   string        // of the bucket that is held
		want  int64
	}{
		{"a storm", 10 * time.Minute, 30 * time.Second, method, 1},
		{"a short one", 40 * time.Second, 10 * time.Second, method, 0},
		{"too fast once, and told to wait for long", time.Minute, 2 * time.Minute, method, 0},
		{"a method that is called by the way", 10 * time.Minute, 30 * time.Second, "T1/users.info", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var spoke atomic.Int64
				s, w := still(t), newSlack()
				w.budget = func(desk.Delivery) []pace.Bucket {
					return []pace.Bucket{{Key: "T1/post"}, {Key: method, Limit: pace.Limit{Every: time.Second, Burst: 1}}}
				}
				begin := time.Now()
				o := outbox.New(s, &overrun{sender: &sender{slack: w}, until: begin.Add(tt.lasts), asks: tt.asks, key: tt.key}, (&ledger{}).settled, outbox.Options{Spoke: func() { spoke.Add(1) }})
				stop := run(t, o)
				var all [][]desk.Delivery
				for n := range 5 {
					all = append(all, enqueue(t, s, desk.Lane(fmt.Sprintf("lane:%d", n)), 2))
				}
				time.Sleep(tt.lasts - time.Second)
				if got := spoke.Load(); got != 0 {
					t.Errorf("told %d times before the end", got)
				}
				time.Sleep(tt.asks + 12*time.Second) // ten calls, of which one goes each second
				stop()
				if got := spoke.Load(); got != tt.want {
					t.Errorf("told %d times, want %d", got, tt.want)
				}
				for n, want := range all {
					if got := w.posted(desk.Lane(fmt.Sprintf("lane:%d", n))); !slices.Equal(got, ids(1, want)) {
						t.Errorf("lane %d: posted %v when the storm was over, want %v", n, got, ids(1, want))
					}
				}
			})
		})
	}
}

// overrun is a Slack that says for a while that it is called too often.
type overrun struct {
	*sender
	until time.Time
	asks  time.Duration
	key   string
}

func (s *overrun) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if now := time.Now(); now.Before(s.until) {
		return desk.Verdict{Kind: desk.Retry, At: now.Add(s.asks), Hold: s.key, Reason: "ratelimited"}
	}
	return s.sender.Send(ctx, d)
}
