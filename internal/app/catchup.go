package app

import (
	"context"
	"log/slog"
	"time"
)

const (
	// catchUpAgain is how long after a failure the running chats are looked at
	// again.
	catchUpAgain = 10 * time.Second
	// catchUpAfter is how long after Slack has let us know of events that we
	// missed: what it still sends by itself should come first.
	catchUpAfter = time.Minute
)

// catchUp has what was written in running chats while nothing reached us
// fetched from Slack's history: at the start, because Slack sends an event that
// nobody took for a few minutes only, and whenever Slack lets us know that it
// left events out.
func (a *App) catchUp(ctx context.Context) error {
	due, waits := time.NewTimer(0), true
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.slack.missed:
			if !waits { // else more of the same must not put it off
				due.Reset(catchUpAfter)
				waits = true
			}
			continue
		case <-due.C:
			waits = false
		}
		if err := a.Cases.CatchUp(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("missed messages not asked for", slog.Any("err", err))
			due.Reset(catchUpAgain)
			waits = true
		}
	}
}
