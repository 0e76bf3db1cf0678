package desk

import (
	"errors"
	"testing"
	"time"
)

func TestB9_TheStatementSaysWhatTheComparisonShowed(t *testing.T) {
	for want, tally := range map[string]Tally{
		"": {},
		"Slack's history of this chat is about to be compared with this case.":                                                                                                    {State: TallyDue},
		"No customer wrote during this chat, as Slack's history shows.":                                                                                                           Compared(0, 0, 0, 0),
		"1 of 1 message that customers sent during this chat is on this case.":                                                                                                    Compared(1, 1, 0, 0),
		"48 of 48 messages and files that customers sent during this chat are on this case.":                                                                                      Compared(48, 48, 0, 0),
		"9 of 9 messages and files that customers sent during this chat are on this case. 2 had not reached us and came from Slack's history.":                                    Compared(9, 9, 2, 0),
		"8 of 9 messages and files that customers sent during this chat are on this case. 1 message could not be recorded.":                                                       Compared(9, 8, 0, 0),
		"9 of 9 messages and files that customers sent during this chat are on this case. 2 messages were deleted in Slack before we heard of it.":                                Compared(9, 9, 0, 2),
		"8 of 9 messages and files that customers sent during this chat are on this case. 1 message could not be recorded. 1 message was deleted in Slack before we heard of it.": Compared(9, 8, 0, 1),
		"8 of 8 messages and files that customers sent during this chat are on this case. 1 more on this case was deleted in Slack.": {
			State: TallyWhole, Slack: 8, Case: 8, Deleted: 1,
		},
		"1 of 1 message that customers sent during this chat is on this case. 1 had not reached us and came from Slack's history. 3 more on this case were deleted in Slack. 1 message was deleted in Slack before we heard of it.": {
			State: TallyDiffers, Slack: 1, Case: 1, Fetched: 1, Deleted: 3, Note: "1 message was deleted in Slack before we heard of it.",
		},
		"Nothing that customers sent during this chat is in Slack any more. 2 more on this case were deleted in Slack.": {
			State: TallyWhole, Deleted: 2,
		},
		"Slack's history could not be compared with this case. The app is no longer in the chat's channel.": {
			State: TallyFailed, Note: "The app is no longer in the chat's channel.",
		},
	} {
		if got := tally.Statement(); got != want {
			t.Errorf("%+v: got %q, want %q", tally, got, want)
		}
	}
	if got := Compared(9, 9, 2, 0).State; got != TallyWhole {
		t.Errorf("everything is on the case: got %s", got)
	}
	if got := Compared(9, 9, 0, 1).State; got != TallyDiffers {
		t.Errorf("something is gone: got %s", got)
	}
}

func TestB1_OnlyTheRequesterDecidesOnceAndWhileTheChatRuns(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	running := ChatSession{ID: "chat", State: ChatInProgress, Requester: "alice", Waiting: ConsentAsked}
	for name, tt := range map[string]struct {
		change  func(*ChatSession)
		by      PersonID
		share   bool
		want    Consent
		refused error
	}{
		"share":                 {nil, "alice", true, ConsentShared, nil},
		"keep":                  {nil, "alice", false, ConsentKept, nil},
		"before we know of it":  {func(s *ChatSession) { s.Waiting = "" }, "alice", true, ConsentShared, nil},
		"somebody else":         {nil, "bob", true, ConsentAsked, ErrForbidden},
		"twice":                 {func(s *ChatSession) { s.Waiting = ConsentShared }, "alice", false, ConsentShared, ErrConflict},
		"after keeping":         {func(s *ChatSession) { s.Waiting = ConsentKept }, "alice", true, ConsentKept, ErrConflict},
		"after the end":         {func(s *ChatSession) { s.State = ChatEnded }, "alice", true, ConsentAsked, ErrConflict},
		"about an earlier chat": {func(s *ChatSession) { s.ID = "next" }, "alice", true, ConsentAsked, ErrConflict},
	} {
		c := Case{Chat: running}
		if tt.change != nil {
			tt.change(&c.Chat)
		}
		if err := c.Decide("chat", tt.by, tt.share, now); !errors.Is(err, tt.refused) || c.Chat.Waiting != tt.want {
			t.Errorf("%s: got %v and %q, want %v and %q", name, err, c.Chat.Waiting, tt.refused, tt.want)
		}
	}
}
