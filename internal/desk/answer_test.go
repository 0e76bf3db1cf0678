package desk

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAnswerSaysWhoseTurnItIs(t *testing.T) {
	agent, customer := Actor{Side: SideAgent, ID: "jane", Name: "Jane"}, ByCustomer("T1/bob")
	for name, tc := range map[string]struct {
		status, want Status
		chat         ChatState
		by           Actor
	}{
		"an agent on a new case":               {StatusUnassigned, StatusPendingCustomer, ChatNone, agent},
		"an agent while a chat is requested":   {StatusUnassigned, StatusPendingCustomer, ChatRequested, agent},
		"an agent beside a running chat":       {StatusWorkInProgress, StatusWorkInProgress, ChatInProgress, agent},
		"an agent after the end":               {StatusWorkInProgress, StatusPendingCustomer, ChatEnded, agent},
		"a customer who was asked":             {StatusPendingCustomer, StatusCustomerAnswered, ChatEnded, customer},
		"a customer who was not asked":         {StatusUnassigned, StatusUnassigned, ChatNone, customer},
		"a customer beside a running chat":     {StatusWorkInProgress, StatusWorkInProgress, ChatInProgress, customer},
		"a customer on a case that is back":    {StatusReopened, StatusReopened, ChatEnded, customer},
		"an agent once more, still unanswered": {StatusPendingCustomer, StatusPendingCustomer, ChatEnded, agent},
	} {
		c := Case{ID: "case", Status: tc.status, Chat: ChatSession{ID: "chat", State: tc.chat}}
		entries, err := c.Answer(Answer{By: tc.by, Text: "words", Via: "ops", Origin: "o", Files: []NewFile{{Name: "f", Origin: "o:f"}}}, []FileID{"file"}, time.Unix(1, 0))
		if err != nil || c.Status != tc.want {
			t.Errorf("%s: got %s, %v, want %s", name, c.Status, err, tc.want)
			continue
		}
		for _, e := range entries {
			if !e.Marked(MarkOutside) || e.Chat != "" || e.Via != "ops" {
				t.Errorf("%s: got entry %+v, want it outside the chat", name, e)
			}
		}
		if len(entries) != 2 || entries[1].File != "file" {
			t.Errorf("%s: got %d entries", name, len(entries))
		}
	}
}

func TestAnswerRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		status Status
		text   string
		kind   error
	}{
		"nothing":         {StatusOpened, " \n", ErrInvalid},
		"too much":        {StatusOpened, strings.Repeat("x", MaxReply+1), ErrInvalid},
		"a resolved case": {StatusResolved, "words", ErrConflict},
	} {
		c := Case{ID: "case", Number: "1234567890", Status: tc.status}
		if _, err := c.Answer(Answer{By: ByCustomer("T1/bob"), Text: tc.text}, nil, time.Unix(1, 0)); !errors.Is(err, tc.kind) {
			t.Errorf("%s: got %v, want %v", name, err, tc.kind)
		}
		if c.LastSeq != 0 || c.Status != tc.status {
			t.Errorf("%s: the case changed", name)
		}
	}
}

func TestWhatTheRequestingChannelIsToldOf(t *testing.T) {
	outside := Correspondence{Kind: KindMessage, What: MarkOutside}
	for name, tc := range map[string]struct {
		e    Correspondence
		want bool
	}{
		"words outside the chat":            {outside, true},
		"words in the chat":                 {Correspondence{Kind: KindMessage, Chat: "chat"}, false},
		"resolved":                          {Correspondence{Kind: KindStatus, What: string(StatusResolved)}, true},
		"reopened":                          {Correspondence{Kind: KindStatus, What: string(StatusReopened)}, true},
		"a file, which its words speak of":  {Correspondence{Kind: KindFile, What: MarkOutside}, false},
		"an agent joined":                   {Correspondence{Kind: KindChat, What: string(EventJoined)}, false},
		"an internal note":                  {Correspondence{Kind: KindNote}, false},
		"a message that is marked thread":   {Correspondence{Kind: KindMessage, What: MarkThread}, false},
		"one that carries a second mark":    {Correspondence{Kind: KindMessage, What: MarkMe + " " + MarkOutside}, true},
		"a status that means nothing to it": {Correspondence{Kind: KindStatus, What: string(StatusOpened)}, false},
	} {
		if got := tc.e.Newsworthy(); got != tc.want {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}
