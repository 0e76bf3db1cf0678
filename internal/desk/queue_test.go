package desk

import (
	"testing"
	"time"
)

func TestTellTurnTellsAChangeAndNotTooOften(t *testing.T) {
	c := newCase(t)
	if c.TellTurn(Turn{Position: 1}, noon) {
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
	for i, step := range steps {
		if got := c.TellTurn(Turn{Position: step.position, Usual: time.Duration(i) * time.Minute}, noon.Add(step.after)); got != step.want {
			t.Errorf("position %d after %s: got %v", step.position, step.after, got)
		}
	}
}
