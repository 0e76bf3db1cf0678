package desk

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"
)

// A Status is where a case stands.
type Status string

// The statuses.
const (
	StatusUnassigned       Status = "unassigned"
	StatusOpened           Status = "opened"
	StatusWorkInProgress   Status = "work-in-progress"
	StatusPendingCustomer  Status = "pending-customer-action"
	StatusCustomerAnswered Status = "customer-action-completed"
	StatusReopened         Status = "reopened"
	StatusResolved         Status = "resolved"
)

// OpenStatuses are those of a case that still wants an answer.
func OpenStatuses() []Status {
	return []Status{
		StatusUnassigned, StatusOpened, StatusWorkInProgress, StatusPendingCustomer, StatusCustomerAnswered, StatusReopened,
	}
}

// Statuses are all statuses that a case can have.
func Statuses() []Status { return append(OpenStatuses(), StatusResolved) }

// A Severity orders cases by how much they hurt.
type Severity string

// The severities, from least to most.
const (
	SeverityLow      Severity = "low"
	SeverityNormal   Severity = "normal"
	SeverityHigh     Severity = "high"
	SeverityUrgent   Severity = "urgent"
	SeverityCritical Severity = "critical"
)

// Severities lists the severities from least to most.
func Severities() []Severity {
	return []Severity{SeverityLow, SeverityNormal, SeverityHigh, SeverityUrgent, SeverityCritical}
}

// Rank orders severities; an unknown one ranks lowest.
func (s Severity) Rank() int {
	for i, have := range Severities() {
		if have == s {
			return i + 1
		}
	}
	return 0
}

// FirstResponse is how soon an agent should answer a new case.
func (s Severity) FirstResponse() time.Duration {
	switch s {
	case SeverityCritical:
		return 15 * time.Minute
	case SeverityUrgent:
		return time.Hour
	case SeverityHigh:
		return 4 * time.Hour
	case SeverityNormal:
		return 12 * time.Hour
	}
	return 24 * time.Hour
}

// Lengths of texts, in characters. Descriptions and replies are Markdown, in
// which what was typed literally is escaped, so they allow for more than a
// form takes.
const (
	MaxSubject     = 200
	MaxDescription = 12_000
	MaxReply       = 40_000
)

// A Case is the matter. The zero Chat means that none was ever asked for.
type Case struct {
	ID          CaseID
	Number      CaseNumber
	Account     AccountID
	Workspace   WorkspaceID
	Requester   PersonID
	Subject     string
	Description string
	Severity    Severity
	Status      Status

	IssueType string   // codes of the catalogue, as are the next three; empty in cases from before it
	Service   string   //
	Category  string   //
	Language  string   //
	CC        []string // addresses that hear of the case besides, in small letters
	Related   CaseID   // the case that it follows; empty for none

	Asked     Place     // the channel where it was opened
	Place     Place     // where its chat lives; empty until made
	PlaceKind PlaceKind // of Place, or of the one that is asked for
	Thread    string    // ts in Asked's channel: the thread in which it hears of the case; empty until begun
	Card      string
	ChatName  string      // the chat channel's name in Slack; empty until made
	Members   []PersonID  // people the requester wants in the chat
	Chat      ChatSession // the latest chat

	CreatedAt  time.Time
	ChangedAt  time.Time
	ResolvedAt time.Time
	LastSeq    int64     // of the newest entry
	LastAt     time.Time // At of the newest entry of ours, so that our entries never go back in time
	Revision   int64     // grows with every change a page could show
}

// NewCase is what opening a case needs.
type NewCase struct {
	ID          CaseID
	Number      CaseNumber
	Account     AccountID
	Workspace   WorkspaceID
	Requester   PersonID
	Subject     string
	Description string
	Severity    Severity
	IssueType   string
	Service     string
	Category    string
	Language    string
	CC          []string
	Related     CaseID
	Asked       Place
	Members     []PersonID
	Origin      Origin
}

// OpenCase returns a new case with its first entry, the description.
func OpenCase(n NewCase, now time.Time) (Case, Correspondence, error) {
	n.Subject = strings.Join(strings.Fields(n.Subject), " ")
	switch {
	case n.Subject == "":
		return Case{}, Correspondence{}, refuseField("subject", "Write a subject: a few words that say what it is about.")
	case utf8.RuneCountInString(n.Subject) > MaxSubject:
		return Case{}, Correspondence{}, refuseField("subject", "The subject is longer than %d characters. Shorten it and put the rest in the description.", MaxSubject)
	case strings.TrimSpace(n.Description) == "":
		return Case{}, Correspondence{}, refuseField("description", "Describe what happens and what you expected.")
	case utf8.RuneCountInString(n.Description) > MaxDescription:
		return Case{}, Correspondence{}, refuseField("description", "The description is longer than %d characters. Shorten it; you can send the rest as a message.", MaxDescription)
	case n.Severity.Rank() == 0:
		return Case{}, Correspondence{}, refuseField("severity", "Choose a severity.")
	}
	if err := checkCC(n.CC); err != nil {
		return Case{}, Correspondence{}, err
	}
	c := Case{
		ID: n.ID, Number: n.Number, Account: n.Account, Workspace: n.Workspace, Requester: n.Requester,
		Subject: n.Subject, Description: n.Description, Severity: n.Severity, Status: StatusUnassigned,
		IssueType: n.IssueType, Service: n.Service, Category: n.Category, Language: n.Language, CC: n.CC, Related: n.Related,
		Asked: n.Asked, Members: n.Members, CreatedAt: now,
	}
	entry := c.entry(Correspondence{Kind: KindMessage, Author: ByCustomer(n.Requester), Text: n.Description, Origin: n.Origin}, now)
	return c, entry, nil
}

// entry numbers e as the next of the case's log. Entries without a time of
// their own are written now, but never before an earlier one of ours: two
// nodes' clocks may differ, a log must not go back.
func (c *Case) entry(e Correspondence, now time.Time) Correspondence {
	c.LastSeq++
	e.Case, e.Seq, e.RecordedAt = c.ID, c.LastSeq, now
	if e.At.IsZero() {
		e.At = now
		if e.At.Before(c.LastAt) {
			e.At = c.LastAt
		}
		c.LastAt = e.At
	}
	c.Touch(now)
	return e
}

// Touch marks the case as changed at now.
func (c *Case) Touch(now time.Time) {
	c.Revision++
	c.ChangedAt = now
}

// HasPlace reports whether the case has a chat place, or one is being made
// because a chat was asked for. A chat that had a place which the case no
// longer has lost it.
func (c *Case) HasPlace() bool {
	return c.Place != "" || c.Chat.ID != "" && c.Chat.Place == "" && c.Chat.Reason != EndedNoPlace
}

// Choose says what kind of place the chat is to have that is about to be asked
// for; empty is the kind that the case had, at first a channel. fresh tells that
// a place is to be made; left and card are the place and its card that the case
// leaves for it, empty if it has none.
func (c *Case) Choose(kind PlaceKind) (left Place, card string, fresh bool) {
	kind = cmp.Or(kind, c.PlaceKind, PlaceChannel)
	if c.HasPlace() && kind == c.PlaceKind {
		return "", "", false
	}
	left, card = c.Place, c.Card
	c.Place, c.Card, c.ChatName, c.PlaceKind = "", "", "", kind
	return left, card, true
}

// Settle notes where the case's chats are from now on: in a channel, or in a
// thread whose first message, root, is also the case's card. name is what
// Slack calls the channel.
func (c *Case) Settle(at Place, name, root string) {
	c.Place, c.PlaceKind, c.ChatName, c.Chat.Place = at, PlaceChannel, name, at
	if root == "" {
		return
	}
	c.PlaceKind = PlaceThread
	if c.Card == "" {
		c.Card = root
	}
}

// NoPlace notes that the place of a chat which is over already will never be
// made, so that the next request asks for a new one.
func (c *Case) NoPlace() {
	if c.Place == "" && c.Chat.State == ChatEnded {
		c.Chat.Reason = EndedNoPlace
	}
}

// Open reports whether the case still wants an answer.
func (c *Case) Open() bool { return c.Status != StatusResolved }

// Resolve marks the case resolved. A running chat must have been ended
// first. Resolving twice changes nothing and reports so.
func (c *Case) Resolve(by Actor, origin Origin, now time.Time) (entry Correspondence, changed bool) {
	if !c.Open() {
		return Correspondence{}, false
	}
	c.Status, c.ResolvedAt = StatusResolved, now
	return c.entry(Correspondence{Kind: KindStatus, What: string(StatusResolved), Author: by, Origin: origin}, now), true
}

// setStatus changes the status without an entry of its own: the chat's entry
// tells the story.
func (c *Case) setStatus(s Status) { c.Status = s }

// Reply returns the entry for an agent's words. They go to the customer, so
// the chat must be in progress with this agent.
func (c *Case) Reply(by Actor, text string, origin Origin, now time.Time) (Correspondence, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return Correspondence{}, refuseField("text", "Write something before you send it.")
	case utf8.RuneCountInString(text) > MaxReply:
		return Correspondence{}, refuseField("text", "A reply may be %d characters long. Send it in parts or attach a file.", MaxReply)
	}
	if err := c.MayWrite(by); err != nil {
		return Correspondence{}, err
	}
	return c.entry(Correspondence{Kind: KindMessage, Chat: c.Chat.ID, Author: by, Text: text, Origin: origin}, now), nil
}

// MayWrite says why somebody may not write to the customer now: words and
// files need a running chat, and are for the agents who joined it.
func (c *Case) MayWrite(by Actor) error {
	switch {
	case c.Chat.State == ChatRequested && c.Chat.Returned:
		return refuse(ErrConflict, "This chat is back in the queue, so your message was not sent. Join it first.")
	case c.Chat.State == ChatRequested:
		return refuse(ErrConflict, "Nobody has joined this chat yet, so your message was not sent. Join it first.")
	case c.Chat.State != ChatInProgress:
		return refuse(ErrConflict, "The chat is over, so your message was not sent. The requester can invite an agent again.")
	case !c.Chat.Has(AgentID(by.ID)):
		return refuse(ErrForbidden, "%s is in this chat. Join it as a second agent to write to the customer.", c.Chat.AgentName)
	}
	return nil
}
