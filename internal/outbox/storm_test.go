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
