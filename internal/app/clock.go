package app

import (
	"context"
	"log/slog"
	"time"
)

const (
	// clockOff is by how much our clock may differ from Slack's before an
	// operator is told: what is written about the beginning and the end of a
	// chat is then recorded, or left out, by mistake (ADR 4).
	clockOff = 2 * time.Second
	// clockEvery is how often that is looked at, and clockAgain how often it is
	// said while it lasts.
	clockEvery = time.Minute
	clockAgain = time.Hour
)

// ahead is by how much Slack's clock is ahead of ours, if that is too much.
func (e *slackEdge) ahead() time.Duration { return e.tenants.Ahead(clockOff) }

// watchClock tells the operator when our clock is wrong, until ctx is done.
func (a *App) watchClock(ctx context.Context) error {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	var told time.Duration // since it was said last
	wrong := false
	for {
		ahead := a.slack.ahead()
		told += clockEvery
		switch {
		case ahead != 0 && (!wrong || told > clockAgain):
			a.log.Warn("this server's clock is wrong: set it by NTP, or chats are recorded from and to the wrong moment",
				slog.String("err", "slack's clock is ahead by "+ahead.Round(time.Second).String()+" at least"))
			wrong, told = true, 0
		case ahead == 0 && wrong:
			a.log.Info("this server's clock is right again")
			wrong = false
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
