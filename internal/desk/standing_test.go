package desk

import (
	"strings"
	"testing"
	"time"
)

func TestReopen(t *testing.T) {
	day := 24 * time.Hour
	c := newCase(t)
	if _, changed, err := c.Reopen(jane, 14*day, "o1", noon); changed || err != nil {
		t.Errorf("an open case: got %v, %v", changed, err)
	}
	c.Resolve(jane, "o2", noon)
	late := c
	_, _, err := late.Reopen(jane, 14*day, "o3", noon.Add(14*day+time.Second))
	wantRefusal(t, "too late", err, ErrTooLate)
	if !strings.Contains(err.Error(), "more than 14 days ago") {
		t.Errorf("got %q", err)
	}
	if _, changed, err := late.Reopen(jane, 0, "o3", noon.Add(999*day)); !changed || err != nil {
		t.Errorf("without a limit: got %v, %v", changed, err)
	}
	e, changed, err := c.Reopen(jane, 14*day, "o3", noon.Add(14*day))
	if err != nil || !changed || e.Kind != KindStatus || e.What != string(StatusReopened) || c.Status != StatusReopened || !c.ResolvedAt.IsZero() {
		t.Errorf("got %+v, %v, %v", e, changed, err)
	}
	if _, _, err := c.Request("chat-2", "T1/U1", "o4", noon.Add(14*day)); err != nil {
		t.Errorf("a chat on the reopened case: %v", err)
	}
}

func TestSetSeverity(t *testing.T) {
	c := newCase(t)
	_, _, err := c.SetSeverity(jane, "catastrophic", "o1", noon)
	wantRefusal(t, "a made-up severity", err, ErrInvalid)
	for i, want := range []bool{true, false} {
		if e, changed, err := c.SetSeverity(jane, SeverityCritical, "o2", noon); err != nil || changed != want || changed && (e.What != ChangedSeverity || e.Text != "critical") {
			t.Errorf("set %d: got %+v, %v, %v", i+1, e, changed, err)
		}
	}
	c.Resolve(jane, "o3", noon)
	_, _, err = c.SetSeverity(jane, SeverityLow, "o4", noon)
	wantRefusal(t, "of a resolved case", err, ErrConflict)
}
