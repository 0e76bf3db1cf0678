package store

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
)

// PreferenceReader reads how agents want things to be.
type PreferenceReader interface {
	// Preference returns the value that an agent chose for a key; "" for none.
	Preference(ctx context.Context, a desk.AgentID, key string) (string, error)
	// Preferences returns all that an agent chose, by key.
	Preferences(ctx context.Context, a desk.AgentID) ([]personal.Preference, error)
}

// PreferenceTx writes how agents want things to be.
type PreferenceTx interface {
	// SavePreference adds or replaces what an agent chose for a key.
	SavePreference(ctx context.Context, p *personal.Preference) error
}

// WorkingReader reads what agents keep for themselves and for each other while
// they work.
type WorkingReader interface {
	PreferenceReader
	// Jotting returns what an agent has typed for a case; it is empty when there
	// is nothing.
	Jotting(ctx context.Context, a desk.AgentID, id desk.CaseID) (personal.Jotting, error)
	// CannedReplies returns those of everybody and of all teams, and an agent's
	// own, by name.
	CannedReplies(ctx context.Context, a desk.AgentID) ([]personal.Canned, error)
	// Canned returns a reply, or desk.ErrNotFound.
	Canned(ctx context.Context, id personal.CannedID) (personal.Canned, error)
	// Mentions returns where an agent is named in notes, up to limit, by case and
	// Seq.
	Mentions(ctx context.Context, a desk.AgentID, limit int) ([]personal.Mention, error)
	// Snoozes returns the cases that an agent does not want to see at a time: those
	// whose time has not come, and where since then the customer has not written, no lead
	// whispered, and the chat not come into other hands. The first to come back is first.
	Snoozes(ctx context.Context, a desk.AgentID, now time.Time) ([]personal.Snooze, error)
	// ReadMarks returns how far an agent has read which cases, by case.
	ReadMarks(ctx context.Context, a desk.AgentID) ([]personal.ReadMark, error)
	// Views returns everybody's and an agent's own, by name.
	Views(ctx context.Context, a desk.AgentID) ([]personal.View, error)
	// View returns one, or desk.ErrNotFound.
	View(ctx context.Context, id personal.ViewID) (personal.View, error)
	// Looks returns who has a case open at a time, by agent and page.
	Looks(ctx context.Context, id desk.CaseID, now time.Time) ([]personal.Look, error)
	// EarlierOf and EarlierIn return up to limit cases of a person, and of an account, other than
	// one, newest first.
	EarlierOf(ctx context.Context, p desk.PersonID, but desk.CaseID, limit int) ([]Earlier, error)
	EarlierIn(ctx context.Context, account desk.AccountID, but desk.CaseID, limit int) ([]Earlier, error)
}

// An Earlier is a case of somebody who has another one.
type Earlier struct {
	Number    desk.CaseNumber
	Subject   string
	Status    desk.Status
	CreatedAt time.Time
}

// WorkingTx writes what agents keep. What it reads is as it is inside the update.
type WorkingTx interface {
	PreferenceTx
	// SaveJotting adds or replaces what an agent has typed for a case, unless what
	// is there has a later revision.
	SaveJotting(ctx context.Context, j *personal.Jotting) error
	// DropJotting forgets it, unless what is there has a revision above last.
	DropJotting(ctx context.Context, a desk.AgentID, id desk.CaseID, last int64) error
	// SaveCanned adds or replaces a reply. desk.ErrConflict when another of the same
	// agent and team has its name.
	SaveCanned(ctx context.Context, c *personal.Canned) error
	// Canned is the reader's, inside the update.
	Canned(ctx context.Context, id personal.CannedID) (personal.Canned, error)
	DropCanned(ctx context.Context, id personal.CannedID) error
	SaveMention(ctx context.Context, m *personal.Mention) error
	// DropMentions forgets those of an agent in a case.
	DropMentions(ctx context.Context, a desk.AgentID, id desk.CaseID) error
	SaveSnooze(ctx context.Context, s *personal.Snooze) error
	DropSnooze(ctx context.Context, a desk.AgentID, id desk.CaseID) error
	// PurgeSnoozes forgets those of an agent whose time has come.
	PurgeSnoozes(ctx context.Context, a desk.AgentID, now time.Time) error
	// SaveReadMark notes how far an agent has read a case, unless they have read
	// further, and forgets how far they had read those in which no chat runs.
	SaveReadMark(ctx context.Context, m *personal.ReadMark) error
	// SaveView adds or replaces a view. desk.ErrConflict when another of the same
	// agent has its name.
	SaveView(ctx context.Context, v *personal.View) error
	DropView(ctx context.Context, id personal.ViewID) error
	// SaveLook adds or replaces where an agent looks; an expired one goes..
	SaveLook(ctx context.Context, l *personal.Look) error
	// PurgeLooks forgets those that have expired at a time.
	PurgeLooks(ctx context.Context, now time.Time) error
	// TellLooks gives a hint that somebody began or ceased to look at a case or to
	// type there.
	TellLooks(id desk.CaseID)
}
