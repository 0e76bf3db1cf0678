package routing

import "time"

// A Kind is why a waiting chat has no agent.
type Kind string

// The kinds, in the order in which they are found.
const (
	Offered    Kind = "offered"     // to an agent, until then
	ByHand     Kind = "by-hand"     // nothing is offered here: whoever wants to takes it
	Closed     Kind = "closed"      // outside hours, until then if that is known
	NoLanguage Kind = "no-language" // nobody answers in its language
	NoSkill    Kind = "no-skill"    // nobody has the skills for it
	NobodyHere Kind = "nobody-here" // of those who could take it nobody is online
	Full       Kind = "full"        // all of them have as many chats as they take
	Asked      Kind = "asked"       // who of them has room is being asked about another
	AllPassed  Kind = "passed"      // all of them passed or did not answer; who did first is asked again then
	Behind     Kind = "behind"      // so many go first that nothing is planned for it yet
)

// A Reason is why a waiting chat has no agent.
type Reason struct {
	Kind  Kind
	Name  string    // of the agent to whom it is offered, or of who is asked again first
	More  int       // how many others passed
	Until time.Time // when that changes by itself; zero when nobody knows
	Zone  string    // by whose clock the hours are
}

// Nobody reports whether nobody is there who could take the chat.
func (r Reason) Nobody() bool {
	switch r.Kind {
	case Closed, NoLanguage, NoSkill, NobodyHere:
		return true
	case Offered, ByHand, Full, Asked, AllPassed, Behind:
	}
	return false
}
