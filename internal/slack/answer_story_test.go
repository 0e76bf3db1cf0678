package slack_test

import (
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
)

// Commands do what buttons do; in a chat's channel the number can be left out.
func TestL43_L49_L50_CommandsAnswerResolveAndReopen(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	c := e.create(e.alice)
	room := e.room(c)
	number := string(c.Number)
	sends := func(fields ...[]string) func() {
		return func() {
			t.Helper()
			form := e.ws.View(e.alice)
			if form == nil {
				t.Fatal("no form is open")
			}
			problems, err := form.FillIn(t.Context(), fields...)
			if e.must(err); len(problems) > 0 {
				t.Fatalf("refused: %v", problems)
			}
		}
	}
	steps := []struct {
		ch   *slacksim.Channel
		text string
		want string // that is told privately
		then func() // with the form that has opened
	}{
		{room, "/support status", "Waiting for an agent", nil},
		{e.ops, "/support status " + number, "Waiting for an agent", nil},
		{room, "/support reply", "", sends([]string{"Your reply", "from the room"})},
		{e.ops, "/support reply " + number, "", sends([]string{"Your reply", "from ops"}, []string{"Additional contacts", "bob@example.com"})},
		{e.ops, "/support reply", "Say which case by its number", nil},
		{e.ops, "/support reopen " + number, "Case " + number + " is already open.", nil},
		{room, "/support resolve", "Case " + number + " is resolved.", nil},
		{room, "/support reply", "Reopen it first", nil},
		{e.ops, "/support reply " + number, "Reopen it first", nil},
		{room, "/support reopen", "", sends([]string{"Message", "it is back"})},
		{room, "/support resolve " + number, "is resolved", nil},
		{e.ops, "/support reopen " + number, "", sends([]string{"Message", "and again"}, []string{"Contact method", "Live chat in Slack"})},
		{e.ops, "/support reopen", "Say which case by its number", nil},
	}
	for _, s := range steps {
		if got := e.say(s.ch, e.alice, s.text); !strings.Contains(got, s.want) || s.want == "" && s.then == nil {
			t.Errorf("%s in #%s: told %q, want %q", s.text, s.ch.Name(), got, s.want)
		}
		if s.then != nil {
			s.then()
		}
		e.settled()
	}
	story := strings.Join(e.story(c), "\n")
	for _, want := range []string{
		"message outside from the room\nmessage outside from ops\nchat cancelled resolved\nstatus resolved\n" +
			"status reopened\nmessage outside it is back\nstatus resolved\nstatus reopened\nmessage outside and again\nchat requested",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("the log lacks\n%s\nin\n%s", want, story)
		}
	}
	if got := e.read(c); got.Chat.State != desk.ChatRequested || len(got.CC) != 1 || got.Status != desk.StatusReopened {
		t.Errorf("chat %s, addresses %v, status %s", got.Chat.State, got.CC, got.Status)
	}
}
