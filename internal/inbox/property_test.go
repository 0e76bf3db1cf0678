package inbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/inbox"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// weather makes applying fail at random, and some events fail for good.
type weather struct {
	mu     sync.Mutex // guards random
	random *rand.Rand
}

func (w *weather) draw() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.random.Float64()
}

func refused(i int) bool  { return i%7 == 3 }
func poisoned(i int) bool { return i%11 == 5 }

func (w *weather) apply(ctx context.Context, tx store.Tx, e desk.Event) error {
	var n, i int
	if _, err := fmt.Sscan(string(e.Body), &n, &i); err != nil {
		return err
	}
	if err := record(ctx, tx, e); err != nil {
		return err
	}
	switch bad := w.draw(); {
	case poisoned(i) || bad < 0.2:
		return errFault
	case bad < 0.25:
		panic("bad weather")
	case refused(i):
		return &desk.Refusal{Kind: desk.ErrConflict, Message: "Not now."}
	}
	return nil
}

// TestNothingIsLostDoubledOrOutOfOrder sends events of several lanes, some of
// them twice, through an inbox whose database fails and whose process crashes
// at random, while applying fails at random, too.
func TestNothingIsLostDoubledOrOutOfOrder(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) { stormyInbox(t, s, seed) })
		})
	}
}

func stormyInbox(t *testing.T, s store.Store, seed uint64) {
	const cases, events, crashes = 4, 24, 6
	w := &weather{random: seeded(seed)}
	for n := range cases {
		storetest.AddCase(t, s, n)
	}
	var current atomic.Pointer[inbox.Inbox]
	start := func(life uint64) (f *flaky, stop func()) {
		f = &flaky{Store: s, random: seeded(seed + life), lost: 0.05, landed: 0.05}
		o := quick()
		o.Attempts = 12
		b := inbox.New(f, w.apply, o)
		current.Store(b)
		return f, run(t, b)
	}
	process, stop := start(0)

	var slack sync.WaitGroup
	for n := range cases {
		slack.Go(func() {
			random := seeded(seed*100 + uint64(n))
			for i := range events {
				deliver(t, &current, event(n, i))
				if random.IntN(3) == 0 {
					deliver(t, &current, event(n, random.IntN(i+1))) // sent twice
				}
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		slack.Wait()
	}()
	for life := range uint64(crashes) {
		before := current.Load().Stats().Stored
		eventually(t, "some events came in", func() bool {
			return current.Load().Stats().Stored > before+5 || isClosed(done)
		})
		process.die()
		stop()
		process, stop = start(life + 1)
	}
	<-done
	eventually(t, "all lanes are idle", func() bool { return idle(t, s) })
	stop()
	bad := 0
	for n := range cases {
		var want []string
		for i := range events {
			if poisoned(i) {
				bad++
			}
			if !refused(i) && !poisoned(i) {
				want = append(want, event(n, i).Key)
			}
		}
		same(t, fmt.Sprintf("recorded of case %d", n), recorded(t, s, n), want)
	}
	dead, err := s.DeadEvents(t.Context())
	if err != nil || dead != bad {
		t.Errorf("%d dead events, %v, want %d", dead, err, bad)
	}
}

// deliver sends e until somebody says that it is stored, as Slack does.
func deliver(t *testing.T, to *atomic.Pointer[inbox.Inbox], e desk.Event) {
	t.Helper()
	accepted := happens(func() bool {
		_, err := to.Load().Accept(t.Context(), e)
		return err == nil
	})
	if !accepted {
		t.Errorf("event %s was never accepted", e.Key)
	}
}

func isClosed(ch chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}
