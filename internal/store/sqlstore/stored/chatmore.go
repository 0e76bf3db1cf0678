package stored

import (
	"encoding/json"
	"fmt"
	"time"

	"caseline/internal/desk"
)

// A chatMore is what of a chat nothing is looked up by, kept as JSON. Times
// are UTC microseconds.
type chatMore struct {
	Place      string      `json:"place,omitempty"`
	From       string      `json:"from,omitempty"`
	Others     []chatAgent `json:"others,omitempty"`
	TurnedAt   int64       `json:"turned_at,omitempty"`
	Away       bool        `json:"away,omitempty"`
	Turn       *chatTurn   `json:"turn,omitempty"`
	Offer      *chatOffer  `json:"offer,omitempty"`
	Passed     []chatPass  `json:"passed,omitempty"`
	Before     string      `json:"before,omitempty"`
	PromptedAt int64       `json:"prompted_at,omitempty"`
	Returned   bool        `json:"returned,omitempty"`
	Returns    int         `json:"returns,omitempty"`
	Waiting    string      `json:"waiting,omitempty"`
	Tally      *chatTally  `json:"tally,omitempty"`

	Hinted []desk.PersonID `json:"hinted,omitempty"`

	ComparedAt int64 `json:"compared_at,omitempty"`
	ComparedBy int64 `json:"compared_by,omitempty"`
}

type chatAgent struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type chatTurn struct {
	Position int    `json:"position"`
	Usual    int64  `json:"usual,omitempty"` // microseconds
	Longer   bool   `json:"longer,omitempty"`
	Nobody   bool   `json:"nobody,omitempty"`
	Back     int64  `json:"back,omitempty"`
	Zone     string `json:"zone,omitempty"`
	ToldAt   int64  `json:"told_at"`
}

// A chatOffer is found by how it begins: package roster counts an agent's.
type chatOffer struct {
	Agent string `json:"agent"`
	Name  string `json:"name"`
	At    int64  `json:"at"`
	Until int64  `json:"until"`
}

type chatPass struct {
	Agent string `json:"agent"`
	At    int64  `json:"at"`
}

type chatTally struct {
	State   string `json:"state"`
	Slack   int    `json:"slack"`
	Case    int    `json:"case"`
	Fetched int    `json:"fetched,omitempty"`
	Deleted int    `json:"deleted,omitempty"`
	Note    string `json:"note,omitempty"`
}

func toChatMore(s desk.ChatSession) string {
	m := chatMore{Place: string(s.Place), From: string(s.From), TurnedAt: Micros(s.TurnedAt), Away: s.Away, PromptedAt: Micros(s.PromptedAt), Returned: s.Returned, Returns: s.Returns, Waiting: string(s.Waiting), Hinted: s.Hinted, Before: string(s.Before)}
	m.ComparedAt, m.ComparedBy = Micros(s.ComparedAt), int64(s.ComparedBy)
	for _, a := range s.Others {
		m.Others = append(m.Others, chatAgent{ID: a.ID, Name: a.Name})
	}
	if t := s.Turn; t != (desk.Turn{}) {
		m.Turn = &chatTurn{Position: t.Position, Usual: t.Usual.Microseconds(), Longer: t.Longer, Nobody: t.Nobody, Back: Micros(t.Back), Zone: t.Zone, ToldAt: Micros(t.ToldAt)}
	}
	if o := s.Offer; o != (desk.Offer{}) {
		m.Offer = &chatOffer{Agent: string(o.Agent), Name: o.Name, At: Micros(o.At), Until: Micros(o.Until)}
	}
	for _, p := range s.Passed {
		m.Passed = append(m.Passed, chatPass{Agent: string(p.Agent), At: Micros(p.At)})
	}
	if t := s.Tally; t != (desk.Tally{}) {
		m.Tally = &chatTally{State: string(t.State), Slack: t.Slack, Case: t.Case, Fetched: t.Fetched, Deleted: t.Deleted, Note: t.Note}
	}
	text, _ := json.Marshal(m) // strings and numbers always marshal
	if string(text) == "{}" {
		return ""
	}
	return string(text)
}

// TurnedAt is since when a chat stands as it does, of what its row keeps as JSON; zero
// where that is not kept.
func TurnedAt(more string) (time.Time, error) {
	var s desk.ChatSession
	err := fromChatMore(more, &s)
	return s.TurnedAt, err
}

func fromChatMore(text string, s *desk.ChatSession) error {
	if text == "" {
		return nil
	}
	var m chatMore
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return fmt.Errorf("chat %s: %w", s.ID, err)
	}
	s.Place, s.PromptedAt, s.Returned, s.Waiting = desk.Place(m.Place), Instant(m.PromptedAt), m.Returned, desk.Consent(m.Waiting)
	s.From, s.TurnedAt, s.Away, s.Hinted = desk.Place(m.From), Instant(m.TurnedAt), m.Away, m.Hinted
	s.ComparedAt, s.ComparedBy = Instant(m.ComparedAt), desk.DeliveryID(m.ComparedBy)
	if t := m.Turn; t != nil {
		s.Turn = desk.Turn{
			Position: t.Position, Usual: time.Duration(t.Usual) * time.Microsecond, Longer: t.Longer, Nobody: t.Nobody, Back: Instant(t.Back), Zone: t.Zone,
			ToldAt: Instant(t.ToldAt),
		}
	}
	if o := m.Offer; o != nil {
		s.Offer = desk.Offer{Agent: desk.AgentID(o.Agent), Name: o.Name, At: Instant(o.At), Until: Instant(o.Until)}
	}
	for _, p := range m.Passed {
		s.Passed = append(s.Passed, desk.Pass{Agent: desk.AgentID(p.Agent), At: Instant(p.At)})
	}
	s.Before, s.Returns = desk.AgentID(m.Before), m.Returns
	for _, a := range m.Others {
		s.Others = append(s.Others, desk.Actor{Side: desk.SideAgent, ID: a.ID, Name: a.Name})
	}
	if t := m.Tally; t != nil {
		s.Tally = desk.Tally{State: desk.TallyState(t.State), Slack: t.Slack, Case: t.Case, Fetched: t.Fetched, Deleted: t.Deleted, Note: t.Note}
	}
	return nil
}
