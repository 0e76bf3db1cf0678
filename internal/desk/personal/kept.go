package personal

import (
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// A Jotting is what an agent has typed for a case and not sent. It follows the
// agent across devices, and nobody else sees it.
type Jotting struct {
	Agent    desk.AgentID
	Case     desk.CaseID
	Kind     string // whom it is for: JotReply or JotNote
	Text     string
	Revision int64 // grows with each change, also after it was dropped and begun anew
}

// The kinds of jottings.
const (
	JotReply = "reply"
	JotNote  = "note"
)

// A CannedID is the key of a canned reply.
type CannedID string

// A Canned is a reply that is written before it is needed: an agent's own, a
// team's, or everybody's if it has neither.
type Canned struct {
	ID        CannedID
	Name      string // what is typed to get it, after a slash
	Agent     desk.AgentID
	Team      roster.TeamID
	Text      string // Markdown, with blanks such as {{customer}}
	ChangedAt time.Time
}

// A Mention is a note in which a colleague is named who has not opened the case
// since.
type Mention struct {
	Agent desk.AgentID
	Case  desk.CaseID
	Seq   int64 // of the note
}

// A ReadMark says how far an agent has read a case, on whatever device.
type ReadMark struct {
	Agent desk.AgentID
	Case  desk.CaseID
	Seq   int64 // of the last entry that was in sight
}

// A Snooze keeps a case out of an agent's lists until a time, or until the
// customer has written or its chat comes into other hands.
type Snooze struct {
	Agent desk.AgentID
	Case  desk.CaseID
	Until time.Time
	Seq   int64 // the customer must have written after it
}

// A ViewID is the key of a view.
type ViewID string

// A View is a search that is kept under a name.
type View struct {
	ID    ViewID
	Agent desk.AgentID // whose it is; empty for everybody's
	Name  string
	Query string // as it stands in the address of the list of cases
}

// A Look says that an agent has a case open, and whether they type. It is true
// until it expires.
type Look struct {
	Case        desk.CaseID
	Agent       desk.AgentID
	Page        string // of one browser's tab
	ExpiresAt   time.Time
	TypingUntil time.Time // zero when they do not
}
