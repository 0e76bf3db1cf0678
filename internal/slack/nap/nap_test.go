package nap

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestForWaitsUntilSomethingHappens(t *testing.T) {
	woken := make(chan struct{}, 1)
	tests := []struct {
		name          string
		urgent, hints <-chan struct{}
		before        func(cancel func())
		took          time.Duration
		goesOn        bool
	}{
		{"its time", nil, nil, func(func()) {}, time.Minute, true},
		{"something urgent", woken, nil, func(func()) { woken <- struct{}{} }, 0, true},
		{"a hint", nil, woken, func(func()) { woken <- struct{}{} }, 0, true},
		{"the end", nil, nil, func(cancel func()) { cancel() }, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				began := time.Now()
				tt.before(cancel)
				if got := For(ctx, time.Minute, tt.urgent, tt.hints); got != tt.goesOn || time.Since(began) != tt.took {
					t.Errorf("got %t after %v, want %t after %v", got, time.Since(began), tt.goesOn, tt.took)
				}
			})
		})
	}
}
