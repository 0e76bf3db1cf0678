package console_test

import (
	"testing"

	"caseline/internal/desk"
)

func TestQueueReadsNoLogOfRunningChats(t *testing.T) {
	h := newHouse(t)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, h.agent("jane@example.com", "Jane Doe", desk.RoleAgent))
	h.say(c, "T1:UALICE", "words")
	in := h.signedIn("jane@example.com")
	before := h.read.rows.Load()
	if got := in.get("/"); got.status != 200 {
		t.Fatal(got.status)
	}
	if got := h.read.rows.Load() - before; got != 0 {
		t.Errorf("the queue read %d rows of logs", got)
	}
	if doc := parsePage(t, in.get("/chats").body); doc.one(t, ".row-preview").text != "words" {
		t.Error("the chats do not show what was said last")
	}
}
