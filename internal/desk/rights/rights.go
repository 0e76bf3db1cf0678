package rights

import (
	"slices"

	"caseline/internal/desk"
)

// A Right is something that a sign-in may allow.
type Right string

// The rights, from what everybody has to what few have.
const (
	Own      Right = "own"      // change what is one's own: picture, password, sign-ins, language
	Read     Right = "read"     // see the queue, cases, transcripts and files
	Answer   Right = "answer"   // join chats, write, end, resolve, note, snooze
	Lead     Right = "lead"     // wallboard; whisper; hand over and offer chats of others; teams and their words
	Report   Right = "report"   // reports and their export
	Setup    Right = "setup"    // accounts, channels, catalogue, hours, policies
	Agents   Right = "agents"   // invite agents, give roles, end sign-ins
	Personal Right = "personal" // export an account's data, erase a person's
	Audit    Right = "audit"    // read who did what, and what was erased
)

func of(r desk.Role) []Right {
	switch r {
	case desk.RoleAgent:
		return []Right{Own, Read, Answer}
	case desk.RoleLead:
		return []Right{Own, Read, Answer, Lead, Report}
	case desk.RoleOperator:
		return []Right{Own, Read, Answer, Lead, Report, Setup, Agents, Personal, Audit}
	case desk.RoleAuditor:
		return []Right{Own, Read, Report, Audit}
	}
	return nil
}

// May reports whether an agent has a right. Who is shut out has none.
func May(a desk.Agent, r Right) bool { return !a.Disabled && slices.Contains(of(a.Role), r) }

// Operates reports whether an agent runs the server. There is always one who does.
func Operates(a desk.Agent) bool { return May(a, Agents) }

// Refused is the refusal of somebody without a right.
func Refused(r Right) error {
	message := "Your role does not allow this. Ask an operator."
	switch r {
	case Answer:
		message = "You may look, but not answer customers. Ask an operator for the role of an agent."
	case Lead, Report:
		message = "This page is for leads. Ask an operator for that role."
	case Setup, Agents, Personal:
		message = "This page is for operators. Ask one of them to change the setup or to look something up."
	case Audit:
		message = "This page is for operators and auditors. Ask one of them to look something up."
	}
	return &desk.Refusal{Kind: desk.ErrForbidden, Message: message}
}
