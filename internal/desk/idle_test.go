package desk

import (
	"testing"
	"time"
)

var patience = Patience{IdlePrompt: 30 * time.Minute, IdleEnd: time.Hour, AgentGone: 10 * time.Minute}

func TestPromptsAndExpires(t *testing.T) {
	never := time.Time{}
	tests := []struct {
		name             string
		p                Patience
		word, asked, now time.Time
		prompts, expires bool
	}{
		{"just joined", patience, never, never, at(0), false, false},
		{"a quiet half hour", patience, never, never, at(30), true, false},
		{"a word in between", patience, at(10), never, at(39), false, false},
		{"half an hour after the word", patience, at(10), never, at(40), true, false},
		{"asked already", patience, never, at(30), at(45), false, false},
		{"an hour, asked in time", patience, never, at(30), at(60), false, true},
		{"an hour, never asked because nobody looked", patience, never, never, at(300), true, false},
		{"an hour, asked late", patience, never, at(300), at(329), false, false},
		{"asked late, and no answer", patience, never, at(300), at(330), false, true},
		{"never ends", Patience{IdlePrompt: time.Minute}, never, at(1), at(9999), false, false},
		{"ends without asking", Patience{IdleEnd: time.Hour}, never, never, at(60), false, true},
		{"would be asked only after the end", Patience{IdlePrompt: 2 * time.Hour, IdleEnd: time.Hour}, never, never, at(60), false, true},
		{"nothing is on", Patience{}, never, never, at(9999), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := ChatSession{State: ChatInProgress, JoinedAt: noon, LastWordAt: tt.word, PromptedAt: tt.asked}
			if got := s.Prompts(tt.p, tt.now); got != tt.prompts {
				t.Errorf("prompts: got %v", got)
			}
			if got := s.Expires(tt.p, tt.now); got != tt.expires {
				t.Errorf("expires: got %v", got)
			}
			s.State = ChatRequested
			if s.Prompts(tt.p, tt.now) || s.Expires(tt.p, tt.now) {
				t.Error("whoever waits for an agent is not idle")
			}
		})
	}
}

func TestAWordClearsThePrompt(t *testing.T) {
	c := running(t)
	c.Prompt("o3", at(30))
	c.Record(c.Chat, Message{Author: "T1/U1", Text: "yes", At: at(31), Origin: "o4"}, nil, at(31))
	if !c.Chat.PromptedAt.IsZero() || !c.Chat.LastWordAt.Equal(at(31)) {
		t.Errorf("got prompted at %s, last word at %s", c.Chat.PromptedAt, c.Chat.LastWordAt)
	}
	c.Record(c.Chat, Message{Author: "T1/U1", Text: "late", At: at(20), Origin: "o5"}, nil, at(32))
	if !c.Chat.LastWordAt.Equal(at(31)) {
		t.Errorf("an older word that came late counts as the newest: %s", c.Chat.LastWordAt)
	}
	early := ChatSession{ID: "chat-0", State: ChatEnded}
	c.Record(early, Message{Author: "T1/U1", Text: "of the chat before", At: at(40), Origin: "o6"}, nil, at(40))
	if !c.Chat.LastWordAt.Equal(at(31)) {
		t.Errorf("a word of an earlier chat counts: %s", c.Chat.LastWordAt)
	}
}

func TestStillHereAnswersOnce(t *testing.T) {
	c := running(t)
	if c.StillHere(at(29)) {
		t.Error("answered what nobody asked")
	}
	c.Prompt("o3", at(30))
	if !c.StillHere(at(31)) || c.StillHere(at(32)) {
		t.Error("want one answer")
	}
	if c.Chat.Prompts(patience, at(60)) || !c.Chat.Prompts(patience, at(61)) {
		t.Error("the answer does not begin a new half hour")
	}
}

func TestAnAgentWhoIsGone(t *testing.T) {
	c := running(t)
	never, since3 := Sight{}, Sight{Seen: at(3)}
	if c.SeeAgent(never, at(1)) {
		t.Error("away a minute after joining, without a console yet")
	}
	if !c.SeeAgent(never, at(2)) || !c.Chat.Away || c.SeeAgent(never, at(3)) {
		t.Error("want away after two minutes, once")
	}
	if !c.SeeAgent(since3, at(4)) || c.Chat.Away {
		t.Error("want back when seen again")
	}
	if c.Chat.Misses(patience, since3, at(12)) || !c.Chat.Misses(patience, since3, at(13)) {
		t.Error("want missed after ten minutes")
	}
	if c.Chat.Misses(Patience{}, since3, at(9999)) {
		t.Error("missed though that is off")
	}
}

func TestB5_NobodyIsMissedWhileTheServerWasDown(t *testing.T) {
	c := running(t)
	sight := Sight{Seen: at(3), Since: at(60)}
	if c.SeeAgent(sight, at(61)) || !c.SeeAgent(sight, at(62)) {
		t.Error("want away two minutes after the server began to serve")
	}
	if c.Chat.Misses(patience, sight, at(69)) || !c.Chat.Misses(patience, sight, at(70)) {
		t.Error("want missed ten minutes after the server began to serve")
	}
	sight.Since = at(90)
	if c.SeeAgent(sight, at(91)) {
		t.Error("who was away is back unseen, because the server was started again")
	}
}

// Whatever is due in a chat is found by the lookout.
func TestLookoutMissesNothing(t *testing.T) {
	never := time.Time{}
	moments := []time.Time{never, at(0), at(29), at(30), at(50), at(55), at(59), at(60)}
	patiences := []Patience{{}, patience, {IdleEnd: time.Minute}, {AgentGone: time.Minute}, {IdlePrompt: time.Hour, IdleEnd: time.Minute}}
	now, found, due := at(60), 0, 0
	for _, p := range patiences {
		for _, word := range moments {
			for _, seen := range moments {
				for _, since := range moments[1:] {
					for _, joined := range moments[1:] {
						for _, away := range []bool{false, true} {
							c := Case{Chat: ChatSession{State: ChatInProgress, Agent: "jane", JoinedAt: joined, LastWordAt: word, Away: away}}
							l := p.Lookout([]Agent{{ID: "jane", SeenAt: seen}}, since, now)
							finds := away || len(l.Present) == 0 || !word.After(l.Quiet) && !joined.After(l.Quiet)
							sight := Sight{Seen: seen, Since: since}
							if finds {
								found++
							}
							if c.Chat.Prompts(p, now) || c.Chat.Expires(p, now) || c.Chat.Misses(p, sight, now) || c.SeeAgent(sight, now) {
								due++
								if !finds {
									t.Errorf("patience %v, word %s, seen %s, since %s, joined %s, away %t: due and not found", p, word, seen, since, joined, away)
								}
							}
						}
					}
				}
			}
		}
	}
	if due == 0 || found == len(patiences)*len(moments)*len(moments)*7*7*2 {
		t.Errorf("the test says nothing: %d due, %d found", due, found)
	}
}
