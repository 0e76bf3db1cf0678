package routing_test

import (
	"testing"
	"time"

	"caseline/internal/desk/routing"
)

func TestB5_UsualWait(t *testing.T) {
	minutes := func(all ...float64) (waits []time.Duration) {
		for _, m := range all {
			waits = append(waits, time.Duration(m*float64(time.Minute)))
		}
		return waits
	}
	tests := []struct {
		name  string
		waits []time.Duration
		want  time.Duration
	}{
		{"none", nil, 0},
		{"two say nothing", minutes(4, 4), 0},
		{"three", minutes(9, 4, 1), 4 * time.Minute},
		{"an even number", minutes(2, 4, 6, 60), 5 * time.Minute},
		{"whole minutes", minutes(4.4, 4.4, 4.4), 4 * time.Minute},
		{"never less than one", minutes(0, 0.1, 0.2), time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := routing.UsualWait(tt.waits); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
