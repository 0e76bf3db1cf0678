package slacksim

import (
	"context"
	"errors"
	"time"

	"caseline/internal/slacksim/clock"
)

// ErrNotManual says that the clock of a simulated Slack cannot be moved.
var ErrNotManual = errors.New("the clock is not manual")

// Manual reports whether the clock stands still until Advance moves it.
func (s *Server) Manual() bool {
	_, ok := s.opts.Clock.(*clock.Manual)
	return ok
}

// appsPatience is how long, on the wall clock, a step of Advance waits for apps to
// answer before it goes on: some never do, until the clock moves.
const appsPatience = 3 * time.Second

// Advance moves a manual clock, from one thing that falls due to the next, and
// lets apps answer in between: a day of hourly retries is a day of them.
func (s *Server) Advance(ctx context.Context, d time.Duration) error {
	m, ok := s.opts.Clock.(*clock.Manual)
	if !ok {
		return ErrNotManual
	}
	target := m.Now().Add(d)
	for {
		s.settle(ctx)
		next, ok := m.Next()
		if !ok || next.After(target) {
			break
		}
		m.Advance(next.Sub(m.Now()))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	m.Advance(target.Sub(m.Now()))
	s.settle(ctx)
	return nil
}

func (s *Server) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, appsPatience)
	defer cancel()
	// What is not answered by then may wait for the clock.
	_ = s.Dispatch.Settle(ctx)
}
