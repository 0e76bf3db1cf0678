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

// A catchUp has what was written in running chats while nothing reached us
// fetched from Slack's history: at the start, because Slack sends an event that
// nobody took for a few minutes only, and whenever Slack lets us know that it
// left events out.
type catchUp struct {
	app   *App
	heard time.Time // everything before was heard or is being fetched; zero: see casework.CatchUp
}

// begin fetches what is missing at the start. It comes before anything new is
// heard, which would be taken for the newest word from before. When it fails,
// Run tries again.
func (c *catchUp) begin(ctx context.Context) { _ = c.fetch(ctx) }

func (c *catchUp) fetch(ctx context.Context) error {
	now := c.app.now()
	if err := c.app.Cases.CatchUp(ctx, c.heard); err != nil {
		return err
	}
	c.heard = now
	return nil
}

// Run fetches what is missing whenever there is something, until ctx is done.
func (c *catchUp) Run(ctx context.Context) error {
	a := c.app
	due, waits := time.NewTimer(0), c.heard.IsZero()
	defer due.Stop()
	if !waits {
		due.Stop()
	}
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
		if err := c.fetch(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("missed messages not asked for", slog.Any("err", err))
			due.Reset(catchUpAgain)
			waits = true
		}
	}
}
