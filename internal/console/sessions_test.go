package console_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
)

// Beside a case stand its chats, each with what became of it, with whom it was, when it
// was asked for, how long it took and how much of it is kept.
func TestTheChatsOfACaseAreListed(t *testing.T) {
	h := newHouse(t)
	jane, omar := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent), h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	h.clock.mu.Lock()
	h.clock.run = false
	h.clock.mu.Unlock()
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	after := func(min int) { h.clock.set(nine.Add(time.Duration(min) * time.Minute)) }
	after(0)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	b := h.signedIn("jane@example.com")
	asks := func() {
		t.Helper()
		if _, changed, err := h.cases.Request(t.Context(), casework.Request{Target: casework.Target{Case: c.ID}, By: "T1:UALICE", Origin: h.origin()}); err != nil || !changed {
			t.Fatalf("request: %v, %v", changed, err)
		}
		h.settleAll(c.ID)
	}
	back := func() {
		t.Helper()
		_, err := h.cases.HandOver(t.Context(), casework.HandOver{Case: c.ID, By: jane, Origin: h.origin()})
		if err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	listed := func(last, state string) {
		t.Helper()
		page := parsePage(t, b.get("/cases/"+string(c.Number)).body)
		var got []string
		for _, li := range page.all(".sessions .session") {
			got = append(got, strings.Join(strings.Fields(li.text), " "))
		}
		if all := append(slices.Clone(want), last); !slices.Equal(got, all) {
			t.Errorf("got  %q\nwant %q", got, all)
		}
		if got := page.all(".sessions .session"); got[len(got)-1].attrs["class"] != "session session-"+state {
			t.Errorf("%s is drawn as %q", last, got[len(got)-1].attrs["class"])
		}
	}

	after(3)
	listed("Waiting Today, 09:00", "requested")
	after(5)
	h.end(c, desk.ByCustomer("T1:UALICE"), desk.EndedByCustomer)
	want = append(want, "Not joined Today, 09:00 · 5 min")
	after(60)
	asks()
	after(64)
	h.join(c, jane)
	listed("With Jane Doe Today, 10:00", "in-progress")
	if _, err := h.cases.Join(t.Context(), casework.Join{Case: c.ID, Agent: omar, Also: true, Origin: h.origin()}); err != nil {
		t.Fatal(err)
	}
	h.say(c, "T1:UALICE", "here it is", desk.NewFile{SlackID: "F1", Name: "trace.txt", Size: 5})
	h.reply(c, jane, "Thank you.")
	h.settleAll(c.ID)
	listed("With Jane Doe and Omar Haddad Today, 10:00", "in-progress")
	after(64 + 42)
	h.end(c, desk.ByAgent(jane), desk.EndedByAgent)
	want = append(want, "With Jane Doe and Omar Haddad Today, 10:00 · 42 min · 2 messages and 1 file")
	after(120)
	asks()
	h.join(c, jane)
	h.say(c, "T1:UALICE", "still there?")
	after(130)
	back()
	listed("Back in the queue Today, 11:00", "requested")
	after(185)
	h.end(c, desk.ByCustomer("T1:UALICE"), desk.EndedByCustomer)
	want = append(want, "Back in the queue at its end Today, 11:00 · 1 h 05 min · 1 message")
	after(24 * 60)
	asks()
	want = []string{
		"Not joined Yesterday, 09:00 · 5 min", "With Jane Doe and Omar Haddad Yesterday, 10:00 · 42 min · 2 messages and 1 file",
		"Back in the queue at its end Yesterday, 11:00 · 1 h 05 min · 1 message",
	}
	listed("Waiting Today, 09:00", "requested")
}
