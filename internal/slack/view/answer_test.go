package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
)

func TestAnswerSaysWhoAndHowTheChatStands(t *testing.T) {
	jane := desk.Actor{Side: desk.SideAgent, ID: "a", Name: "Jane"}
	none := sample()
	none.Chat = desk.ChatSession{}
	tests := []struct {
		name    string
		c       desk.Case
		e       desk.Correspondence
		address string
		want    string
		buttons []string
	}{
		{"an agent, requested", sample(), desk.Correspondence{Author: jane}, "https://acme.slack.com/archives/C1",
			"From a support agent · Live chat: requested · <https://acme.slack.com/archives/C1|Where the case was opened>", []string{ActionDetails, ActionReply}},
		{"a collaborator, in progress", inProgress(sample()), desk.Correspondence{Author: desk.ByCustomer("T1/U2"), Via: "ops"}, "",
			"From a collaborator in #ops · Live chat: in progress", []string{ActionDetails, ActionReply}},
		{"ended", ended(sample()), desk.Correspondence{Author: desk.ByCustomer("T1/U2")}, "", "From a collaborator · Live chat: ended", []string{ActionDetails, ActionReply}},
		{"no chat", none, desk.Correspondence{Author: jane}, "", "From a support agent · No live chat", []string{ActionDetails, ActionReply}},
		{"resolved since", resolved(ended(sample())), desk.Correspondence{Author: jane}, "", "Live chat: ended", []string{ActionDetails}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.e.Kind, tt.e.What, tt.e.Text = desk.KindMessage, desk.MarkOutside, "Try **this** <!channel>"
			m, more := Answer(tt.c, tt.e, Answered{Original: tt.address}, names)
			checkMessage(t, m)
			if more {
				t.Error("a short text takes more than one message")
			}
			if got := text(m.Blocks); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q in it", got, tt.want)
			}
			if diff := cmp.Diff(tt.buttons, buttons(m.Blocks)); diff != "" {
				t.Errorf("buttons (-want +got):\n%s", diff)
			}
			if said := fmt.Sprint(m.Text, asSlack(t, m.Blocks)); strings.Contains(m.Text, "<!channel>") || strings.Contains(said, "broadcast") {
				t.Errorf("the text became a mention: %s", said)
			}
		})
	}
}

func TestALongAnswerTakesSeveralMessages(t *testing.T) {
	e := desk.Correspondence{
		Kind: desk.KindMessage, What: desk.MarkOutside, Author: desk.ByCustomer("T1/U2"),
		Text: strings.Repeat("All work & no play. ", desk.MaxReply/20),
	}
	part := 0
	for {
		m, more := Answer(ended(sample()), e, Answered{Part: part}, names)
		checkMessage(t, m)
		if got := len(buttons(m.Blocks)) > 0; got == more {
			t.Errorf("part %d: more is %v, has buttons is %v", part, more, got)
		}
		if part++; !more {
			break
		}
	}
	if part < 10 {
		t.Errorf("got %d parts", part)
	}
}
