package simtest

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"

	"caseline/internal/slacksim"
)

// Start serves and runs a simulated Slack for the length of a test.
func Start(t testing.TB, o slacksim.Options) *slacksim.Server {
	t.Helper()
	if o.Fail == nil {
		o.Fail = func(err error) { t.Helper(); t.Fatal(err) }
	}
	sim, err := slacksim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sim.Handler())
	sim.SetBaseURL(srv.URL)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := sim.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		wg.Wait()
		srv.Close()
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}
