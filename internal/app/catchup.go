package app

import (
	"context"
	"log/slog"
	"time"
)

// catchUpAgain is how long after a failure the running chats are looked at
// again.
const catchUpAgain = 10 * time.Second

// catchUp has what was written in running chats while no server ran fetched
// from Slack's history. Slack sends an event that nobody took for a few
// minutes only.
func (a *App) catchUp(ctx context.Context) error {
	again := time.NewTimer(0)
	defer again.Stop()
	for {
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
		if err := a.Cases.CatchUp(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("missed messages not asked for", slog.Any("err", err))
			again.Reset(catchUpAgain)
		}
	}
}
