package lanes_test

import (
	"testing"
	"time"

	"caseline/internal/lanes"
)

func TestBackoff(t *testing.T) {
	b := lanes.Backoff{First: time.Second, Max: time.Minute}
	tests := []struct {
		n    int
		want time.Duration // up to a quarter less
	}{
		{-1, time.Second},
		{0, time.Second},
		{1, time.Second},
		{2, 2 * time.Second},
		{4, 8 * time.Second},
		{6, 32 * time.Second},
		{7, time.Minute},
		{1_000_000, time.Minute},
	}
	for _, test := range tests {
		for range 100 {
			if got := b.After(test.n); got > test.want || got < test.want*3/4 {
				t.Fatalf("After(%d) = %v, want between three quarters of %v and all of it", test.n, got, test.want)
			}
		}
	}
}

func TestBackoffWithoutTimes(t *testing.T) {
	if got := (lanes.Backoff{}).After(7); got != 0 {
		t.Errorf("zero Backoff waits %v, want 0", got)
	}
	got := lanes.Backoff{First: time.Hour}.Or(lanes.Backoff{First: time.Second, Max: time.Minute})
	if want := (lanes.Backoff{First: time.Hour, Max: time.Hour}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
