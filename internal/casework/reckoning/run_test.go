package reckoning_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"caseline/internal/casework/reckoning"
	"caseline/internal/store/storetest"
)

func TestRunFollowsAndEnds(t *testing.T) {
	h := begin(t, storetest.SQLite(t), 9)
	h.openCase()
	before := runtime.NumGoroutine()
	for range 50 {
		k := reckoning.New(h.store, reckoning.Options{Every: time.Millisecond})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- k.Run(ctx) }()
		for seq := int64(0); seq == 0; { // until the facts are there
			f, err := h.store.FactsOf(t.Context(), h.open[len(h.open)-1])
			h.must(err)
			seq = f.Seq
		}
		h.openCase()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Fatalf("Run: %v", err)
		}
	}
	after, patience := runtime.NumGoroutine(), time.After(10*time.Second)
	for waiting := true; after > before+1 && waiting; after = runtime.NumGoroutine() {
		select { // the database's own end a little later
		case <-patience:
			waiting = false
		case <-time.After(time.Millisecond):
		}
	}
	if after > before+1 {
		t.Errorf("%d goroutines, before %d", after, before)
	}
}

// TestOneCaseThatFailsKeepsNoOtherFromBeingReckoned has the log of one case be
// unreadable.
func TestOneCaseThatFailsKeepsNoOtherFromBeingReckoned(t *testing.T) {
	h := begin(t, storetest.SQLite(t), 4)
	for range 3 {
		h.openCase()
	}
	k := reckoning.New(&metered{Store: h.store, broken: h.open[0]}, reckoning.Options{Now: func() time.Time { return h.now }})
	if err := k.Catch(t.Context()); err == nil {
		t.Error("nothing was said of it")
	}
	for i, id := range h.open {
		f, err := h.store.FactsOf(t.Context(), id)
		h.must(err)
		if reckoned := f.Seq > 0; reckoned != (i > 0) {
			t.Errorf("case %d: facts %v", i, f)
		}
	}
}
