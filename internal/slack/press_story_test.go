package slack_test

import (
	"strings"
	"testing"
	"time"

	"caseline/internal/casework"
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
// first message, which people press in the channel, it stands there.
func TestPrivateAnswersStandWhereTheButtonWasPressed(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.ops = e.ws.AddChannel("core", world.Private, e.alice, e.bob, e.app.Bot)
	e.configure(e.ops, served.FullPermissions()...)
	c := e.create(e.alice, []string{"Where to chat", "Current channel"})
	e.settled()
	e.join(c)
	_, err := e.cases.Answer(t.Context(), casework.Answer{Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(jane), Text: "outside", Origin: "o"}})
	e.must(err)
	e.settled()
	e.configure(e.ops) // from now on nothing is allowed
	root := e.ops.Message(e.read(c).Card)
	notice := e.ops.Find(func(m world.Message) bool { return m.IsReply() && strings.Contains(m.Text, "outside") })
	for m, want := range map[*slacksim.Message]string{root: "", notice: root.TS} {
		e.must(m.Press(t.Context(), e.bob, "See details"))
		es := e.ws.Ephemerals(e.bob)
		if got := es[len(es)-1]; got.ThreadTS != want || !strings.Contains(got.Text, "may not") {
			t.Errorf("%q stands in thread %q, want %q", got.Text, got.ThreadTS, want)
		}
	}
}
