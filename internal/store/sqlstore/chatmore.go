package sqlstore

import (
	"encoding/json"
	"fmt"

	"caseline/internal/desk"
)

// A chatMore is what of a chat nothing is looked up by, kept as JSON. Times
// are UTC microseconds.
type chatMore struct {
	Place      string      `json:"place,omitempty"`
	Others     []chatAgent `json:"others,omitempty"`
	PromptedAt int64       `json:"prompted_at,omitempty"`
	Returned   bool        `json:"returned,omitempty"`
	Waiting    string      `json:"waiting,omitempty"`
	Tally      *chatTally  `json:"tally,omitempty"`
}

type chatAgent struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type chatTally struct {
	State   string `json:"state"`
	Slack   int    `json:"slack"`
	Case    int    `json:"case"`
	Fetched int    `json:"fetched,omitempty"`
	Note    string `json:"note,omitempty"`
}

func toChatMore(s desk.ChatSession) string {
	m := chatMore{Place: string(s.Place), PromptedAt: micros(s.PromptedAt), Returned: s.Returned, Waiting: string(s.Waiting)}
	for _, a := range s.Others {
		m.Others = append(m.Others, chatAgent{ID: a.ID, Name: a.Name})
	}
	if t := s.Tally; t != (desk.Tally{}) {
		m.Tally = &chatTally{State: string(t.State), Slack: t.Slack, Case: t.Case, Fetched: t.Fetched, Note: t.Note}
	}
	text, _ := json.Marshal(m) // strings and numbers always marshal
	if string(text) == "{}" {
		return ""
	}
	return string(text)
}

func fromChatMore(text string, s *desk.ChatSession) error {
	if text == "" {
		return nil
	}
	var m chatMore
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return fmt.Errorf("chat %s: %w", s.ID, err)
	}
	s.Place, s.PromptedAt, s.Returned, s.Waiting = desk.Place(m.Place), instant(m.PromptedAt), m.Returned, desk.Consent(m.Waiting)
	for _, a := range m.Others {
		s.Others = append(s.Others, desk.Actor{Side: desk.SideAgent, ID: a.ID, Name: a.Name})
	}
	if t := m.Tally; t != nil {
		s.Tally = desk.Tally{State: desk.TallyState(t.State), Slack: t.Slack, Case: t.Case, Fetched: t.Fetched, Note: t.Note}
	}
	return nil
}
