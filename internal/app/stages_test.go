package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestStagesStopInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex // guards stopped
		var stopped []string
		part := func(name string, takes time.Duration) stage {
			return stage{name, func(ctx context.Context) error {
				<-ctx.Done()
				<-time.After(takes)
				mu.Lock()
				defer mu.Unlock()
				stopped = append(stopped, name)
				return ctx.Err()
			}}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := runStages(ctx, slog.New(slog.DiscardHandler), 10*time.Second, []stage{
			part("http", 5*time.Second), part("inbox", time.Second), part("outbox", 2*time.Second),
		})
		if err != nil {
			t.Errorf("got %v, want a clean stop", err)
		}
		if want := []string{"http", "inbox", "outbox"}; !slices.Equal(stopped, want) {
			t.Errorf("got order %v, want %v", stopped, want)
		}
	})
}

func TestOneFailingStageStopsTheRest(t *testing.T) {
	boom := errors.New("disk full")
	clean := false
	err := runStages(t.Context(), slog.New(slog.DiscardHandler), time.Minute, []stage{
		{"http", func(ctx context.Context) error { <-ctx.Done(); clean = true; return nil }},
		{"inbox", func(context.Context) error { return boom }},
	})
	if !errors.Is(err, boom) || !clean {
		t.Errorf("got %v, clean=%v; want the failure and a clean stop of the other", err, clean)
	}
}

func TestLateStageIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := runStages(ctx, slog.New(slog.DiscardHandler), time.Second, []stage{
			{"stuck", func(context.Context) error { <-release; return nil }},
		})
		if !errors.Is(err, errStopLate) {
			t.Errorf("got %v, want that it stopped late", err)
		}
		close(release)
	})
}
