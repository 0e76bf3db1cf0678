package report

import (
	"slices"
	"time"

	"caseline/internal/desk"
)

// Facts are what reports need to know of a case: how far its log has been
// reckoned, the case itself, and its chats in the order in which they were asked
// for.
type Facts struct {
	Case     CaseFact
	Chats    []ChatFact
	Seq      int64 // of the last entry that is in them
	Revision int64 // of the case
}

// A CaseFact is what reports need to know of a case. Times are zero for what has
// not happened.
type CaseFact struct {
	Case       desk.CaseID
	Number     desk.CaseNumber
	Account    desk.AccountID
	IssueType  string
	Service    string
	Category   string
	Language   string
	Severity   desk.Severity
	OpenedAt   time.Time
	AnsweredAt time.Time    // of an agent's first words, in its chat or outside it
	AnsweredBy desk.AgentID // whose they are
	Agent      desk.AgentID // who wrote to it last
	SettledAt  time.Time    // when it was resolved for the first time
	ResolvedAt time.Time    // when it was resolved last, while it is
	Reopened   int          // how often
}

// A ChatFact is what reports need to know of a chat.
type ChatFact struct {
	Chat        desk.ChatID
	Agent       desk.AgentID // who has it or had it at the end; of one that came back to the queue, who gave it back or was gone
	Reason      desk.EndReason
	RequestedAt time.Time
	JoinedAt    time.Time
	AnsweredAt  time.Time // of an agent's first words in it
	EndedAt     time.Time
	Since       time.Time     // when it came into an agent's hands, while it is there
	Handled     time.Duration // in agents' hands, before Since
	Handed      int           // how often to another agent or back to the queue
	Returned    int           // how often its agent was gone
	Theirs      int           // messages and files of customers
	Ours        int           // and of agents
}

// Answered reports whether an agent came.
func (c ChatFact) Answered() bool { return !c.JoinedAt.IsZero() }

// A Told is what of an entry of a log the facts come from. Text is empty but for
// entries of a chat's life.
type Told struct {
	Seq    int64
	Chat   desk.ChatID
	Kind   desk.EntryKind
	What   string
	Author desk.Actor
	Text   string
	At     time.Time
}

// Add reckons the next entries of a case's log in, and what the case is now.
// Facts that were added to entry by entry are those that were added to at once.
func (f *Facts) Add(c *desk.Case, told []Told) {
	for _, e := range told {
		if e.Seq <= f.Seq {
			continue
		}
		f.Seq = e.Seq
		f.add(e)
	}
	of := &f.Case
	of.Case, of.Number, of.Account, of.Severity, of.OpenedAt = c.ID, c.Number, c.Account, c.Severity, c.CreatedAt
	of.IssueType, of.Service, of.Category, of.Language = c.IssueType, c.Service, c.Category, c.Language
	f.Revision = c.Revision
}

// Held notes who has a chat or had it last, as the chat itself says: an entry
// that tells of a hand-over says to whom by name only.
func (f *Facts) Held(chat desk.ChatSession) {
	if i := f.find(chat.ID); i >= 0 && chat.Agent != "" {
		f.Chats[i].Agent = chat.Agent
	}
}

func (f *Facts) find(id desk.ChatID) int {
	return slices.IndexFunc(f.Chats, func(c ChatFact) bool { return c.Chat == id })
}

func (f *Facts) add(e Told) {
	var chat *ChatFact
	if e.Chat != "" {
		i := f.find(e.Chat)
		if i < 0 {
			f.Chats = append(f.Chats, ChatFact{Chat: e.Chat, RequestedAt: e.At})
			i = len(f.Chats) - 1
		}
		chat = &f.Chats[i]
	}
	switch e.Kind {
	case desk.KindMessage, desk.KindFile:
		f.said(chat, e)
	case desk.KindStatus:
		f.status(e)
	case desk.KindChat:
		if chat != nil {
			chat.live(e)
		}
	case desk.KindEdit, desk.KindDeletion, desk.KindNote, desk.KindTranscript, desk.KindReaction, desk.KindContact, desk.KindMember:
	}
}

func (f *Facts) said(chat *ChatFact, e Told) {
	ours := e.Author.Side == desk.SideAgent
	if ours {
		f.Case.Agent = desk.AgentID(e.Author.ID)
		if f.Case.AnsweredAt.IsZero() {
			f.Case.AnsweredAt, f.Case.AnsweredBy = e.At, f.Case.Agent
		}
	}
	switch {
	case chat == nil:
	case ours:
		chat.Ours++
		if chat.AnsweredAt.IsZero() {
			chat.AnsweredAt = e.At
		}
	case e.Author.Side == desk.SideCustomer:
		chat.Theirs++
	}
}

func (f *Facts) status(e Told) {
	switch e.What {
	case string(desk.StatusResolved):
		f.Case.ResolvedAt = e.At
		if f.Case.SettledAt.IsZero() {
			f.Case.SettledAt = e.At
		}
	case string(desk.StatusReopened):
		f.Case.ResolvedAt = time.Time{}
		f.Case.Reopened++
	}
}

// live reckons what happened in the life of a chat.
func (c *ChatFact) live(e Told) {
	switch desk.ChatEvent(e.What) {
	case desk.EventRequested:
		c.RequestedAt = e.At
	case desk.EventJoined:
		if c.JoinedAt.IsZero() {
			c.JoinedAt = e.At
		}
		c.Since, c.Agent = e.At, desk.AgentID(e.Author.ID)
	case desk.EventHanded:
		c.Handed++
		if e.Text == "" { // to the queue
			c.pause(e.At)
			c.Agent = desk.AgentID(e.Author.ID)
		}
	case desk.EventReturned:
		c.Returned++
		c.pause(e.At)
		c.Agent = desk.AgentID(e.Author.ID)
	case desk.EventEnded, desk.EventCancelled:
		c.EndedAt, c.Reason = e.At, desk.EndReason(e.Text)
		c.pause(e.At)
	case desk.EventSecond, desk.EventLeft, desk.EventPrompted, desk.EventMoved, desk.EventPublic:
	}
}

// pause ends a time in an agent's hands.
func (c *ChatFact) pause(at time.Time) {
	if !c.Since.IsZero() {
		c.Handled += at.Sub(c.Since)
	}
	c.Since = time.Time{}
}
