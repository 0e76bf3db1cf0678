package roster

import (
	"slices"
	"strings"
	"unicode/utf8"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
)

// A TeamID is the key of a team.
type TeamID string

// A Team is who answers together. A case is a team's when its skills cover it.
type Team struct {
	ID      TeamID
	Name    string // unique
	Skills  Skills
	Hours   matters.Hours  // when it is there; the zero Hours are always. IssueTypes and Languages say nothing here
	Members []desk.AgentID // in the order in which they were put there
}

// Has reports whether an agent is in the team.
func (t Team) Has(a desk.AgentID) bool { return slices.Contains(t.Members, a) }

// Skills say which cases somebody can answer, by codes of the catalogue. An
// empty list is all.
type Skills struct{ Services, Categories, Languages []string }

// Covers reports whether the skills are enough for a case. What a case does not
// say needs no skill.
func (s Skills) Covers(c *desk.Case) bool {
	return covers(s.Services, c.Service) && covers(s.Categories, c.Category) && s.Speaks(c)
}

// Speaks reports whether a case can be answered in its language.
func (s Skills) Speaks(c *desk.Case) bool { return covers(s.Languages, c.Language) }

func covers(codes []string, code string) bool {
	return len(codes) == 0 || code == "" || slices.Contains(codes, code)
}

// DefaultCapacity is how many chats an agent has at the same time where nobody
// says otherwise, and MaxCapacity how many anybody can say.
const (
	DefaultCapacity = 4
	MaxCapacity     = 50
)

// A Seat is what an agent can answer, and how much at the same time.
type Seat struct {
	Agent    desk.AgentID
	Skills   Skills
	Capacity int // chats at the same time that are offered to them; 0 is DefaultCapacity
}

// Holds is how many chats at the same time are offered to the agent.
func (s Seat) Holds() int {
	if s.Capacity <= 0 {
		return DefaultCapacity
	}
	return s.Capacity
}

// maxName is how long the name of a team may be, in characters.
const maxName = 60

// Check says what is wrong with a team that somebody describes, beside the field
// that it is about. Its name is put in order.
func (t *Team) Check() error {
	t.Name = strings.Join(strings.Fields(t.Name), " ")
	switch {
	case t.Name == "":
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "name", Message: "Write a name for the team."}
	case utf8.RuneCountInString(t.Name) > maxName:
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "name", Message: "The name of a team may be 60 characters long. Shorten it."}
	}
	return nil
}

// Check says what is wrong with a seat.
func (s Seat) Check() error {
	if s.Capacity < 0 || s.Capacity > MaxCapacity {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "capacity", Message: "Write how many chats at the same time are offered: a number from 1 to 50."}
	}
	return nil
}

// SeatOf is an agent's seat among all, or a plain one where none was saved.
func SeatOf(seats []Seat, a desk.AgentID) Seat {
	if i := slices.IndexFunc(seats, func(s Seat) bool { return s.Agent == a }); i >= 0 {
		return seats[i]
	}
	return Seat{Agent: a}
}
