package desk

import (
	"testing"
	"time"
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
			if got := UsualWait(tt.waits); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestTellTurnTellsAChangeAndNotTooOften(t *testing.T) {
	c := newCase(t)
	if c.TellTurn(1, 0, noon) {
		t.Error("told nobody's turn")
	}
	if _, _, err := c.Request("chat-1", "T1/U1", "o1", noon); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		position int
		after    time.Duration
		want     bool
	}{{3, 0, true}, {3, time.Minute, false}, {2, 2 * time.Minute, true}, {1, 2*time.Minute + 29*time.Second, false}, {1, 2*time.Minute + 30*time.Second, true}}
	for _, step := range steps {
		if got := c.TellTurn(step.position, 0, noon.Add(step.after)); got != step.want {
			t.Errorf("position %d after %s: got %v", step.position, step.after, got)
		}
	}
}
