package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// A stage is one long-lived part. Run blocks until its context ends and all
// its goroutines have.
type stage struct {
	name string
	run  func(context.Context) error
}

// errStopLate is the cause given to a stage that did not stop in time.
var errStopLate = errors.New("did not stop in time")

// runStages runs all stages until ctx ends or one of them fails, then stops
// them one after the other, in their order, each within patience. It returns
// the first failure.
func runStages(ctx context.Context, log *slog.Logger, patience time.Duration, stages []stage) error {
	failed := make(chan error, len(stages))
	running := make([]runningStage, len(stages))
	var wg sync.WaitGroup
	for i, st := range stages {
		// Stages do not inherit ctx's end: they are stopped in order below.
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		running[i] = runningStage{name: st.name, cancel: cancel, done: make(chan struct{})}
		wg.Go(func() {
			defer close(running[i].done)
			if err := st.run(own); err != nil && !errors.Is(err, context.Canceled) {
				failed <- fmt.Errorf("%s: %w", st.name, err)
			} else if own.Err() == nil {
				failed <- fmt.Errorf("%s: ended by itself", st.name)
			}
		})
	}
	var first error
	select {
	case <-ctx.Done():
	case first = <-failed:
	}
	for _, r := range running {
		if err := r.stop(patience); err != nil {
			log.Error("part did not stop", "part", r.name, "err", err)
			if first == nil {
				first = fmt.Errorf("%s: %w", r.name, err)
			}
			return first // waiting for it further could take for ever
		}
	}
	wg.Wait()
	if first == nil {
		select {
		case first = <-failed: // it failed while it was being stopped
		default:
		}
	}
	return first
}

type runningStage struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
}

func (r runningStage) stop(patience time.Duration) error {
	r.cancel()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-r.done:
		return nil
	case <-late.C:
		return errStopLate
	}
}
