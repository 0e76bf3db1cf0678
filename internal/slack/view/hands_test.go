package view

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
)

// turned is a case whose chat's session was changed.
func turned(c desk.Case, change func(s *desk.ChatSession)) desk.Case {
	change(&c.Chat)
	return c
}

func TestCardSaysInWhoseHandsTheChatIs(t *testing.T) {
	back := func(s *desk.ChatSession) {
		s.State, s.AgentName, s.Returned, s.TurnedAt = desk.ChatRequested, "", true, noon.Add(time.Hour)
	}
	tests := []struct {
		name, line, hint string
		c                desk.Case
	}{
		{"its turn is known", "*Waiting for an agent* · 2nd in the queue · usually about 4 minutes · since <!date^1772452800^{time}|12:00 UTC>", "nothing written here is shared",
			turned(sample(), func(s *desk.ChatSession) { s.Turn = desk.Turn{Position: 2, Usual: 4 * time.Minute} })},
		{"too few waits are known", "*Waiting for an agent* · 11th in the queue · since", "nothing written here is shared",
			turned(sample(), func(s *desk.ChatSession) { s.Turn = desk.Turn{Position: 11} })},
		{"came back", "*Waiting for the next agent* · since <!date^1772456400^{time}|13:00 UTC>", "is shared with Support and recorded", turned(inProgress(sample()), back)},
		{"two agents", "*Jane and Omar from Support* are here since", "is shared with Support and recorded",
			turned(inProgress(sample()), func(s *desk.ChatSession) { s.Others = []desk.Actor{{Name: "Omar"}} })},
		{"three agents", "*Jane, Omar and &lt;!here&gt; from Support* are here since", "is shared with Support and recorded",
			turned(inProgress(sample()), func(s *desk.ChatSession) { s.Others = []desk.Actor{{Name: "Omar"}, {Name: "<!here>"}} })},
		{"ended by itself", "*Ended* at <!date^1772456400^{time}|13:00 UTC> because nobody had written for a while · 12 messages and 1 file saved", "press Invite an agent",
			turned(ended(sample()), func(s *desk.ChatSession) { s.Reason, s.EndedBy = desk.EndedIdle, desk.BySystem() })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Card(tt.c, "Acme", names)
			checkMessage(t, m)
			got := text(m.Blocks)
			for _, want := range []string{tt.line, tt.hint} {
				if !strings.Contains(got, want) {
					t.Errorf("card does not say %q:\n%s", want, got)
				}
			}
		})
	}
}

func TestNoticesOfHands(t *testing.T) {
	const goesOn = " What is written here is still shared with Support and recorded."
	jane := desk.Actor{Side: desk.SideAgent, ID: "a", Name: "Jane"}
	tests := []struct {
		what desk.ChatEvent
		text string
		want string
	}{
		{desk.EventJoined, desk.JoinedAgain, "Jane from Support joined and goes on with this chat."},
		{desk.EventSecond, "", "Jane from Support joined this chat too."},
		{desk.EventLeft, "", "Jane from Support left this chat."},
		{desk.EventLeft, "<Omar>", "Jane from Support left this chat. &lt;Omar&gt; from Support goes on with it."},
		{desk.EventHanded, "Omar", "Jane from Support handed this chat over to Omar from Support."},
		{desk.EventHanded, "", "Jane from Support handed this chat back to the queue, where it comes first: the next agent who is free goes on with it." + goesOn},
		{desk.EventReturned, "", "Jane from Support has lost the connection. This chat is back in the queue, where it comes first: the next agent who is free goes on with it." + goesOn},
		{desk.EventPrompted, "", "Are you still there? Nobody here has written for a while. To keep the chat open, press *Still here* or write something."},
	}
	c := inProgress(sample())
	for _, tt := range tests {
		e := desk.Correspondence{Kind: desk.KindChat, What: string(tt.what), Author: jane, Text: tt.text, At: noon}
		m := Notice(c, c.Chat, e, names)
		checkMessage(t, m)
		if m.Text != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.what, m.Text, tt.want)
		}
		chat := c.Chat
		chat.Returns = 2
		if got, want := Notice(c, chat, e, names).Text, strings.ReplaceAll(tt.want, ", where it comes first", ""); got != want {
			t.Errorf("%s, for the second time:\ngot  %q\nwant %q", tt.what, got, want)
		}
		var want []string
		if tt.what == desk.EventPrompted {
			want = []string{ActionStill, ActionEnd}
		}
		if diff := cmp.Diff(want, buttons(m.Blocks)); diff != "" {
			t.Errorf("%s: buttons (-want +got):\n%s", tt.what, diff)
		}
	}
}

func TestTooLateOffersANewCaseWhereOneMayBeOpened(t *testing.T) {
	c := resolved(ended(sample()))
	for may, want := range map[bool][]string{true: {ActionRelated}, false: nil} {
		m := TooLate(c, "It is too late.", may)
		checkMessage(t, m)
		if diff := cmp.Diff(want, buttons(m.Blocks)); diff != "" {
			t.Errorf("buttons (-want +got):\n%s", diff)
		}
	}
}
