package nap

import (
	"context"
	"time"
)

// For waits for d, or until urgent or hints wakes it, which may be nil. It
// reports whether ctx goes on.
func For(ctx context.Context, d time.Duration, urgent, hints <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-urgent:
	case <-hints:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}
