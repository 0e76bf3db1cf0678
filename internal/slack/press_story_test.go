package slack_test

import (
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

func TestB5_StillHereKeepsAQuietChat(t *testing.T) {
	e := newPatientEdge(t, slacksim.Options{}, desk.Patience{IdlePrompt: time.Microsecond, IdleEnd: time.Hour})
	c := e.create(e.alice)
	room := e.room(c)
	e.join(c)
	e.settled()
	prompt := func() *slacksim.Message {
		t.Helper()
		e.must(e.cases.MindIdle(t.Context(), c.ID))
		e.settled()
		var found *slacksim.Message
		for _, m := range room.Messages() {
			if strings.Contains(m.Text, "Are you still there?") {
				found = room.Message(m.TS)
			}
		}
		if found == nil {
			t.Fatal("nobody was asked")
		}
		return found
	}
	first := prompt()
	e.must(first.Press(t.Context(), e.alice, "Still here"))
	if told := e.told(e.alice); told != "Good to know. The chat goes on." {
		t.Errorf("told %q", told)
	}
	e.must(first.Press(t.Context(), e.bobIn(c), "Still here"))
	if told := e.told(e.bob); told != "Somebody has answered already. The chat goes on." {
		t.Errorf("the second to answer: told %q", told)
	}
	second := prompt()
	if second.TS == first.TS {
		t.Fatal("nobody was asked again")
	}
	e.must(second.Press(t.Context(), e.bob, "End chat"))
	e.settled()
	if got := e.read(c).Chat; got.State != desk.ChatEnded || got.Reason != desk.EndedByCustomer {
		t.Errorf("chat is %s, %s", got.State, got.Reason)
	}
	e.must(first.Press(t.Context(), e.alice, "Still here"))
	if told := e.told(e.alice); told != "That chat is not running any more." {
		t.Errorf("after the end: told %q", told)
	}
}

// In a thread the answer stands in it, where the button was; to the thread's
// first message, which people press in the channel, it stands there. What was to
// open a form says in its place why it does not.
func TestPrivateAnswersStandWhereTheButtonWasPressed(t *testing.T) {
	e := newPatientEdge(t, slacksim.Options{}, desk.Patience{IdlePrompt: time.Microsecond, IdleEnd: time.Hour})
	e.ops = e.ws.AddChannel("core", world.Private, e.alice, e.bob, e.app.Bot)
	e.configure(e.ops, served.FullPermissions()...)
	c := e.create(e.alice, []string{"Where to chat", "Current channel"})
	e.settled()
	e.join(c)
	e.must(e.cases.MindIdle(t.Context(), c.ID))
	e.settled()
	e.configure(e.ops) // from now on nothing is allowed
	root := e.ops.Message(e.read(c).Card)
	prompt := e.ops.Find(func(m world.Message) bool { return m.IsReply() && strings.Contains(m.Text, "Are you still there?") })
	for _, tt := range []struct {
		on                   *slacksim.Message
		button, thread, says string
	}{
		{prompt, "Still here", root.TS, "The chat goes on."},
		{root, "Resolve case", "", "may not"},
	} {
		e.must(tt.on.Press(t.Context(), e.bob, tt.button))
		es := e.ws.Ephemerals(e.bob)
		if got := es[len(es)-1]; got.ThreadTS != tt.thread || !strings.Contains(got.Text, tt.says) {
			t.Errorf("%q stands in thread %q, want %q in %q", got.Text, got.ThreadTS, tt.says, tt.thread)
		}
	}
	before := len(e.ws.Ephemerals(e.bob))
	e.must(root.Press(t.Context(), e.bob, "See details"))
	if got := e.shown(e.bob); !strings.Contains(got, "may not see cases") || len(e.ws.Ephemerals(e.bob)) != before {
		t.Errorf("the window says %q", got)
	}
}
