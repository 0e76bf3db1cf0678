package app

import (
	"context"
	"log/slog"
	"time"
)

// compareTicks is how often in each stretch it is looked whose turn has come to
// be compared with Slack's history.
const compareTicks = 10

// compare has each chat that is being recorded compared with Slack's history
// once in each stretch of every, until ctx is done: Slack gives an event up that
// it could not deliver, and need not tell anybody. 0 is never.
func (a *App) compare(ctx context.Context, every time.Duration) error {
	if every == 0 {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(every / compareTicks)
	defer tick.Stop()
	for from := a.now(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		now := a.now()
		if err := a.Cases.Compare(ctx, every, from, now); err != nil {
			if ctx.Err() == nil {
				a.log.Error("running chats not compared", slog.Any("err", err))
			}
			continue // the next tick takes in these turns too
		}
		from = now
	}
}
