package app

import (
	"context"
	"log/slog"
	"time"
)

const (
	// fillPause is how long the database is left to others between two bites of
	// what is still to be read into the index.
	fillPause = 10 * time.Millisecond
	// fillAgain is how long after a failure it is tried again.
	fillAgain = 10 * time.Second
)

// fillIndex has what was written before there was an index of words read into
// it, bit by bit beside everything else: a million messages would hold up the
// start for minutes.
func (a *App) fillIndex(ctx context.Context) error {
	due := time.NewTimer(0)
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-due.C:
		}
		more, err := a.Store.FillIndex(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			a.log.Error("words of older cases not indexed", slog.Any("err", err))
			due.Reset(fillAgain)
		case more:
			due.Reset(fillPause)
		}
	}
}
