package desk

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	jane = ByAgent(Agent{ID: "a1", Name: "Jane"})
	omar = ByAgent(Agent{ID: "a2", Name: "Omar"})
	rosa = ByAgent(Agent{ID: "a3", Name: "Rosa"})
)

// running is a case whose chat Jane joined at noon.
func running(t *testing.T) Case {
	t.Helper()
	c := newCase(t)
	if _, _, err := c.Request("chat-1", "T1/U1", "o1", noon.Add(-5*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Join(jane, "o2", noon); err != nil {
		t.Fatal(err)
	}
	return c
}

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func wantRefusal(t *testing.T, doing string, err, kind error) {
	t.Helper()
	if _, ok := errors.AsType[*Refusal](err); !ok || !errors.Is(err, kind) {
		t.Errorf("%s: got %v, want a refusal: %v", doing, err, kind)
	}
}

func TestB12_ASecondAgentJoinsWritesAndLeaves(t *testing.T) {
	c := running(t)
	_, _, err := c.Join(omar, "o3", at(1))
	wantRefusal(t, "join what Jane has joined", err, ErrConflict)
	wantRefusal(t, "write before joining", c.MayWrite(omar), ErrForbidden)
	for i, want := range []bool{true, false} {
		if e, changed, err := c.JoinAlso(omar, "o4", at(1)); err != nil || changed != want || changed && e.What != string(EventSecond) {
			t.Errorf("join %d: got %+v, %v, %v", i+1, e, changed, err)
		}
	}
	if _, changed, err := c.Join(omar, "o5", at(1)); changed || err != nil {
		t.Errorf("join as the first while being the second: got %v, %v", changed, err)
	}
	for _, a := range []Actor{jane, omar} {
		if err := c.MayWrite(a); err != nil {
			t.Errorf("%s may not write: %v", a.Name, err)
		}
	}
	for i, want := range []bool{true, false} {
		if _, changed, err := c.Leave(omar, "o6", at(2)); err != nil || changed != want {
			t.Errorf("leave %d: got %v, %v", i+1, changed, err)
		}
	}
	wantRefusal(t, "write after leaving", c.MayWrite(omar), ErrForbidden)
	_, _, err = c.Leave(jane, "o7", at(2))
	wantRefusal(t, "leave alone", err, ErrConflict)
}

func TestWhenItsAgentLeavesTheNextOneGoesOn(t *testing.T) {
	c := running(t)
	for _, a := range []Actor{omar, rosa} {
		if _, _, err := c.JoinAlso(a, Origin(a.ID), at(1)); err != nil {
			t.Fatal(err)
		}
	}
	e, changed, err := c.Leave(jane, "o5", at(2))
	if err != nil || !changed || e.What != string(EventLeft) || e.Text != "Omar" {
		t.Errorf("got %+v, %v, %v", e, changed, err)
	}
	if c.Chat.Agent != "a2" || !slices.Equal(c.Chat.Others, []Actor{rosa}) || c.Chat.Has("a1") {
		t.Errorf("got agent %s and %v", c.Chat.Agent, c.Chat.Others)
	}
}

func TestB5_B12_HandingOverToAnAgent(t *testing.T) {
	c := running(t)
	if _, _, err := c.JoinAlso(omar, "o3", at(1)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if e, changed, err := c.HandOver(jane, omar, "o4", at(2)); err != nil || changed != want || changed && e.Text != "Omar" {
			t.Errorf("hand over %d: got %+v, %v, %v", i+1, e, changed, err)
		}
	}
	if c.Chat.Agent != "a2" || len(c.Chat.Others) != 0 || !c.Chat.JoinedAt.Equal(noon) {
		t.Errorf("got %+v, want Omar alone in the same window", c.Chat)
	}
	wantRefusal(t, "write after handing over", c.MayWrite(jane), ErrForbidden)
}

func TestHandingBackToTheQueueKeepsTheWindowOpen(t *testing.T) {
	c := running(t)
	if _, _, err := c.JoinAlso(omar, "o3", at(1)); err != nil {
		t.Fatal(err)
	}
	_, _, err := c.HandOver(jane, Actor{}, "o4", at(2))
	wantRefusal(t, "hand back what another agent is in", err, ErrConflict)
	if _, _, err := c.Leave(omar, "o5", at(2)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if _, changed, err := c.HandOver(jane, Actor{}, "o6", at(3)); err != nil || changed != want {
			t.Errorf("hand back %d: got %v, %v", i+1, changed, err)
		}
	}
	if !c.Chat.Returned || c.Chat.State != ChatRequested || c.Chat.Agent != "" || !c.Chat.Covers(at(4)) {
		t.Errorf("got %+v, want it waiting and recorded", c.Chat)
	}
	wantRefusal(t, "write to a waiting chat", c.MayWrite(jane), ErrConflict)
	e, changed, err := c.Join(rosa, "o7", at(5))
	if err != nil || !changed || e.Text != JoinedAgain {
		t.Errorf("join again: got %+v, %v, %v", e, changed, err)
	}
	if c.Chat.Returned || !c.Chat.JoinedAt.Equal(noon) || !c.Chat.Since().Equal(at(5)) {
		t.Errorf("got %+v, want Rosa since then, in the same window", c.Chat)
	}
}

func TestAChatThatCameBackEndsWithItsRecord(t *testing.T) {
	c := running(t)
	c.Return("o3", at(12))
	e, changed := c.End(ByCustomer("T1/U1"), EndedByCustomer, "o4", at(13))
	if !changed || e.What != string(EventEnded) || c.Chat.Reason != EndedByCustomer {
		t.Errorf("got %+v, %s, want it ended, not cancelled", e, c.Chat.Reason)
	}
}

func TestWhenItsAgentIsGoneTheNextOneGoesOn(t *testing.T) {
	c := running(t)
	if _, _, err := c.JoinAlso(omar, "o3", at(1)); err != nil {
		t.Fatal(err)
	}
	if e := c.Return("o4", at(12)); e.What != string(EventLeft) || e.Text != "Omar" || e.Author.ID != "a1" {
		t.Errorf("got %+v", e)
	}
	if c.Chat.State != ChatInProgress || c.Chat.Agent != "a2" {
		t.Errorf("got %s with %s", c.Chat.State, c.Chat.Agent)
	}
}

// Whatever agents do in whatever order, a running chat has exactly one agent,
// nobody is in it twice, and a window that was opened stays open until the end.
func TestHandsKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := running(t)
		now := noon
		for i := range rapid.IntRange(1, 30).Draw(r, "steps") {
			now = now.Add(time.Minute)
			who := rapid.SampledFrom([]Actor{jane, omar, rosa}).Draw(r, "who")
			to := rapid.SampledFrom([]Actor{{}, jane, omar, rosa}).Draw(r, "to")
			origin := Origin(rune('a' + i))
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0:
				c.Join(who, origin, now)
			case 1:
				c.JoinAlso(who, origin, now)
			case 2:
				c.Leave(who, origin, now)
			case 3:
				c.HandOver(who, to, origin, now)
			case 4:
				if c.Chat.State == ChatInProgress {
					c.Return(origin, now)
				}
			}
			s := c.Chat
			if !s.Covers(now) || !s.JoinedAt.Equal(noon) {
				r.Fatalf("the window closed: %+v", s)
			}
			if (s.State == ChatInProgress) != (s.Agent != "") || s.Returned != (s.State == ChatRequested) {
				r.Fatalf("state %s with agent %q, returned %v", s.State, s.Agent, s.Returned)
			}
			in := map[string]bool{string(s.Agent): true}
			for _, other := range s.Others {
				if in[other.ID] || s.State != ChatInProgress {
					r.Fatalf("%s is in it twice, or in a chat that waits", other.Name)
				}
				in[other.ID] = true
			}
		}
	})
}
