package desk

import (
	"errors"
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

func TestAddressesAreAddedToThoseThereAre(t *testing.T) {
	c := Case{Status: StatusOpened, CC: []string{"a@example.com"}}
	add := func(cc ...string) error {
		_, err := c.Answer(Answer{By: ByCustomer("T1/U1"), Text: "x", CC: cc, Origin: "o"}, nil, time.Unix(1, 0))
		return err
	}
	if err := add("a@example.com", "b@example.com"); err != nil || len(c.CC) != 2 {
		t.Errorf("got %v, %v", c.CC, err)
	}
	before := c.CC
	if err := add("nonsense"); !errors.Is(err, ErrInvalid) || len(c.CC) != 2 || c.LastSeq != 1 {
		t.Errorf("got %v, %v", c.CC, err)
	}
	var many []string
	for i := range MaxCC - 1 {
		many = append(many, string(rune('c'+i))+"@example.com")
	}
	if r, ok := errors.AsType[*Refusal](add(many...)); !ok || r.Field != "cc" || len(c.CC) != len(before) {
		t.Errorf("got %v", c.CC)
	}
	if err := add(many[1:]...); err != nil || len(c.CC) != MaxCC {
		t.Errorf("got %v, %v", c.CC, err)
	}
}

func TestACaseCanBeReopenedForATime(t *testing.T) {
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	c := Case{Number: "1234567890", Status: StatusResolved, ResolvedAt: at}
	for after, want := range map[time.Duration]bool{0: true, ReopenWithin: true, ReopenWithin + 1: false} {
		if err := c.MayReopen(ReopenWithin, at.Add(after)); (err == nil) != want || err != nil && !errors.Is(err, ErrTooLate) {
			t.Errorf("after %s: got %v", after, err)
		}
	}
	if err := c.MayReopen(0, at.AddDate(9, 0, 0)); err != nil {
		t.Errorf("without limit: got %v", err)
	}
}
