package slacksim

import (
	"context"
	"fmt"
)

// Wait returns when cond holds. It asks again whenever something changes in
// this Slack, and gives up with ctx.
func (s *Server) Wait(ctx context.Context, cond func() bool) error {
	sub := s.World.Subscribe()
	defer sub.Close()
	for !cond() {
		select {
		case <-sub.C():
			sub.Take()
		case <-ctx.Done():
			return fmt.Errorf("wait for the simulated Slack: %w", context.Cause(ctx))
		}
	}
	return nil
}

// Quiesce returns when everything was delivered: no event, no file message and
// no request to an app is under way. Events that wait to be sent again are
// under way.
func (s *Server) Quiesce(ctx context.Context) error {
	return s.Wait(ctx, s.Dispatch.Idle)
}
