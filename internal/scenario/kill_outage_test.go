package scenario

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
)

// An outage is a time in which Slack answers no call, and after which it has
// given up telling of what happened. That is what minutes of it come to: Slack
// tries an event for six minutes. Here they pass as fast as people write; that
// they may be as long as they like is told by TestOutagesOfMinutes.
type outage struct {
	how   fault.How
	words int // how much comes to pass meanwhile, if it can
}

func newOutage(rng *rand.Rand) *outage {
	hows := []fault.How{fault.Drop, fault.Hang, fault.Status503}
	return &outage{how: hows[rng.IntN(len(hows))], words: 10 + rng.IntN(20)}
}

// A weather says whether Slack is out, and keeps that from changing while
// somebody writes.
type weather struct {
	mu   sync.RWMutex // guards dark; held while one person writes, and while it changes
	dark bool
}

func (w *weather) during(do func(dark bool)) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	do(w.dark)
}

// outageSettles is how long nobody writes before an outage once Slack has taken
// up all that was written, so that it is on its way.
const outageSettles = 50 * time.Millisecond

var errOutageOver = errors.New("the outage is over")

// out is an outage of Slack from beginning to end.
func (s *siege) out(ctx context.Context, m moment) error {
	var total int
	if err := s.meter.wait(ctx, func() bool { total = s.meter.total; return total >= m.after }); err != nil {
		return err
	}
	restore, err := s.darken(ctx, m.outage.how)
	if err != nil {
		return err
	}
	// At the end of a chat nobody may have anything to write.
	some, cancel := context.WithTimeoutCause(ctx, time.Second, errOutageOver)
	err = s.meter.wait(some, func() bool { return s.meter.total >= total+m.outage.words })
	cancel()
	restore()
	if errors.Is(err, errOutageOver) {
		return nil
	}
	return err
}

// darken begins an outage.
func (s *siege) darken(ctx context.Context, how fault.How) (restore func(), err error) {
	s.weather.mu.Lock()
	defer s.weather.mu.Unlock()
	for taken := s.slack.Dispatch.Rounds() + 2; s.slack.Dispatch.Rounds() < taken; {
		s.slack.Dispatch.Release() // which has it look, for nothing is held
		if err := pause(ctx, time.Millisecond); err != nil {
			return nil, err
		}
	}
	if err := pause(ctx, outageSettles); err != nil {
		return nil, err
	}
	remember := s.forget()
	back := s.slack.Fail("*", slacksim.Lost, slacksim.Always, slacksim.As(how))
	s.weather.dark = true
	return func() {
		s.weather.mu.Lock()
		defer s.weather.mu.Unlock()
		s.weather.dark = false
		back()
		remember()
	}, nil
}
