package store

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
	"caseline/internal/desk/sought"
)

// A Store keeps everything that must survive a crash. Its methods return
// errors that wrap desk's kinds: desk.ErrNotFound when nothing has the given
// key, desk.ErrConflict when a unique key is taken or a claim was lost.
type Store interface {
	// Update runs fn in one transaction and returns after it is durable. When
	// fn returns an error, nothing of it remains and Update returns that
	// error. fn may run more than once. The context bounds the waiting; once
	// the commit has begun it is not given up.
	Update(ctx context.Context, fn func(Tx) error) error

	CaseReader
	LogReader
	QueueReader
	SearchReader
	DeliveryReader
	NewsReader
	EventReader
	PeopleReader
	AgentReader
	SignInReader
	SetupReader
	AuditReader
	DraftReader
	HomeReader
	MailReader
	ReportReader
	RosterReader
	WorkingReader
	PolicyReader
	ErasureReader
	ExportReader
	CatalogueReader

	// Watch calls fn after each commit with what it touched, until stop is
	// called. fn must return at once and must not call the store.
	Watch(fn func(Hint)) (stop func())

	// Ready reports whether the database answers.
	Ready(ctx context.Context) error
	Close() error
}

// A Hint says what a commit touched, or that the receiver should look at
// everything because hints were lost.
type Hint struct {
	All        bool
	Cases      []CaseHint
	Deliveries []desk.Lane   // lanes that have something to deliver
	Events     []desk.Lane   // lanes that have something to apply
	Agents     bool          // an agent's presence or account changed, a workspace, or an installation
	People     bool          // somebody in Slack is to be looked up, or was
	Looks      []desk.CaseID // cases of which it changed who looks at them, or types there
}

// A CaseHint says how far a case has come.
type CaseHint struct {
	Case     desk.CaseID
	Seq      int64
	Revision int64
}

// CaseReader reads cases, with their latest chat.
type CaseReader interface {
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	CaseByNumber(ctx context.Context, number desk.CaseNumber) (desk.Case, error)
	CaseAt(ctx context.Context, place desk.Place) (desk.Case, error)
	// Cases returns those of the cases that exist, in any order.
	Cases(ctx context.Context, ids []desk.CaseID) ([]desk.Case, error)
	// RecentCases returns up to limit cases, newest change first, that
	// changed before the given time (zero: from the newest on).
	RecentCases(ctx context.Context, before time.Time, limit int) ([]desk.Case, error)
	// RecentHints returns how far the cases have come that RecentCases returns
	// from the newest on: a reader who has kept a case can tell whether it has
	// changed.
	RecentHints(ctx context.Context, limit int) ([]CaseHint, error)
	// ChangedCases returns how far the cases have come that changed at or
	// after since, oldest change first, up to limit.
	ChangedCases(ctx context.Context, since time.Time, limit int) ([]CaseChange, error)
	// Chats returns all chats of a case, oldest first.
	Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error)
	// LiveIn returns the cases of a workspace whose chat is requested or in
	// progress, by id.
	LiveIn(ctx context.Context, w desk.WorkspaceID) ([]desk.CaseID, error)
	// Following returns the numbers of up to limit cases whose Related is the
	// case, oldest first.
	Following(ctx context.Context, id desk.CaseID, limit int) ([]desk.CaseNumber, error)
}

// A CaseChange is a CaseHint with its time.
type CaseChange struct {
	CaseHint
	ChangedAt time.Time
}

// LogReader reads the correspondence of a case.
type LogReader interface {
	// Log returns up to limit entries with a Seq above after, in order of Seq.
	Log(ctx context.Context, id desk.CaseID, after int64, limit int) ([]desk.Correspondence, error)
	Entry(ctx context.Context, id desk.CaseID, seq int64) (desk.Correspondence, error)
	// Changes returns the edits and deletions of an entry, in order of Seq.
	Changes(ctx context.Context, id desk.CaseID, seq int64) ([]desk.Correspondence, error)
	// LogBefore returns up to limit entries with a Seq below before, the
	// newest of them, in order of Seq. Edits, deletions and reactions are left
	// out: ChangesOf has them with what they change.
	LogBefore(ctx context.Context, id desk.CaseID, before int64, limit int) ([]desk.Correspondence, error)
	// Entries returns those of the entries that exist, in order of Seq.
	Entries(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error)
	// ChangesOf returns the edits and deletions of entries, and the reactions
	// to them, in order of Seq.
	ChangesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error)
	// ChatLog returns the entries that tell of the chats of a case, KindChat
	// and KindTranscript, in order of Seq.
	ChatLog(ctx context.Context, id desk.CaseID) ([]desk.Correspondence, error)
	// FilesOf returns the files of entries, in order of Seq.
	FilesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.File, error)
	File(ctx context.Context, id desk.FileID) (desk.File, error)
	Files(ctx context.Context, id desk.CaseID) ([]desk.File, error)
	// Discards returns up to limit hashes whose bytes are to be removed, each
	// with whether a file or an emoji has them all the same.
	Discards(ctx context.Context, limit int) ([]desk.Discard, error)
}

// QueueReader reads what agents work from.
type QueueReader interface {
	// Waiting returns the cases whose chat is requested, in the order of
	// desk's Case.Before.
	Waiting(ctx context.Context, limit int) ([]desk.Case, error)
	// WaitingHints and ChatHintsOf return how far the cases have come that
	// Waiting and ChatsOf return.
	WaitingHints(ctx context.Context, limit int) ([]CaseHint, error)
	ChatHintsOf(ctx context.Context, agent desk.AgentID, limit int) ([]CaseHint, error)
	// Running returns up to limit cases whose chat is in progress and that the
	// lookout finds, by id, with an id above after.
	Running(ctx context.Context, l desk.Lookout, after desk.CaseID, limit int) ([]desk.Case, error)
	// RecentWaits returns how long the last limit chats that an agent joined
	// had waited, newest first.
	RecentWaits(ctx context.Context, limit int) ([]time.Duration, error)
	// ChatsOf returns the cases whose running chat the agent has joined, as
	// its agent or besides, newest change first.
	ChatsOf(ctx context.Context, agent desk.AgentID, limit int) ([]desk.Case, error)
}

// SearchReader finds cases.
type SearchReader interface {
	// Search returns a page of the cases that answer q, newest first; among
	// cases of about the same age those that answer better come first. The words
	// of a case's subject and description are found, those of messages and notes
	// as their last edit has them, and names of files. All that is looked for
	// must be in one of them. The last word that is typed stands for all words
	// that begin so when no case has it as it is. What an update wrote is found once it has
	// returned. A desk.Refusal with the Field "text" when nothing is looked for.
	Search(ctx context.Context, q sought.Query) (sought.Found, error)
}

// DeliveryReader reads the outbox.
type DeliveryReader interface {
	// DeliveriesOf returns the deliveries of a case that carry an entry,
	// with Seq above after, by Seq.
	DeliveriesOf(ctx context.Context, id desk.CaseID, after int64) ([]desk.Delivery, error)
	// Carrying returns the deliveries that carry entries of a case, by Seq.
	Carrying(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Delivery, error)
	// OpenLanes returns the lanes that have an open delivery, with the time
	// before which the lane's head needs no look, up to limit, soonest first;
	// those of mail are MailReader's.
	OpenLanes(ctx context.Context, limit int) ([]LaneDue, error)
	Delivery(ctx context.Context, id desk.DeliveryID) (desk.Delivery, error)
	// OpenWords counts the agents' words and files that are not in Slack yet.
	OpenWords(ctx context.Context) (int, error)
}

// A LaneDue is a lane and when its head may be tried. For a head that is
// claimed, Due is the end of the claim by the database's clock, as far as
// the reader can tell; for any other it is the head's NotBefore.
type LaneDue struct {
	Lane desk.Lane
	Due  time.Time
}

// NewsReader reads where channels hear of cases.
type NewsReader interface {
	// CaseThread returns the ts of the message that begins the thread in which
	// a channel hears of a case; "" when there is none yet.
	CaseThread(ctx context.Context, id desk.CaseID, channel desk.Place) (string, error)
}

// EventReader reads the inbox.
type EventReader interface {
	// PendingLanes returns the lanes with a pending event and when its
	// oldest may be tried, soonest first.
	PendingLanes(ctx context.Context, limit int) ([]LaneDue, error)
	// DeadEvents counts the events that were given up.
	DeadEvents(ctx context.Context) (int, error)
}

// PeopleReader reads what is known of people in Slack.
type PeopleReader interface {
	// People returns those of ids that are known.
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	// PeopleCalled returns the ids and names of people by what somebody typed:
	// those in whose name each word begins one, up to limit, by id.
	PeopleCalled(ctx context.Context, typed string, limit int) ([]desk.Person, error)
	// StalePeople returns people whose ids begin in one way and who were fetched
	// before the given time, never fetched ones first.
	StalePeople(ctx context.Context, begin string, before time.Time, limit int) ([]desk.Person, error)
	// CustomEmoji returns the emoji that people of a workspace have made, by
	// name.
	CustomEmoji(ctx context.Context, w desk.WorkspaceID) ([]served.CustomEmoji, error)
}

// AgentReader reads agents and their sign-ins.
type AgentReader interface {
	Agent(ctx context.Context, id desk.AgentID) (desk.Agent, error)
	AgentByEmail(ctx context.Context, email string) (desk.Agent, error)
	Agents(ctx context.Context) ([]desk.Agent, error)
	// Portrait returns an agent's picture, PortraitToken its token only, and
	// PortraitAt the picture with a token; or desk.ErrNotFound.
	Portrait(ctx context.Context, a desk.AgentID) (personal.Portrait, error)
	PortraitToken(ctx context.Context, a desk.AgentID) (string, error)
	PortraitAt(ctx context.Context, token string) (personal.Portrait, error)
	// Session returns a sign-in's data, or desk.ErrNotFound when there is
	// none or it expired before now.
	Session(ctx context.Context, token string, now time.Time) ([]byte, error)
}

// SetupReader reads who is served where.
type SetupReader interface {
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
	// Accounts returns all of them, by id.
	Accounts(ctx context.Context) ([]served.Account, error)
	Workspace(ctx context.Context, id desk.WorkspaceID) (served.Workspace, error)
	// Workspaces returns all of them, by id.
	Workspaces(ctx context.Context) ([]served.Workspace, error)
	// AccountsIn returns the accounts that are linked to a workspace, by id.
	AccountsIn(ctx context.Context, w desk.WorkspaceID) ([]served.Account, error)
	// WorkspacesOf returns the workspaces that an account is linked to, by id.
	WorkspacesOf(ctx context.Context, account desk.AccountID) ([]served.Workspace, error)
	// Channel returns an account's configuration of a channel, or
	// desk.ErrNotFound.
	Channel(ctx context.Context, account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) (served.ChannelConfig, error)
	// ChannelsAt returns the configurations of a channel, by account.
	ChannelsAt(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID) ([]served.ChannelConfig, error)
	// ChannelsOf returns an account's configurations, by workspace and channel.
	ChannelsOf(ctx context.Context, account desk.AccountID) ([]served.ChannelConfig, error)
	// ChannelEverywhere returns the configurations of a channel in whichever
	// workspace: one that is shared has the same id in all of them.
	ChannelEverywhere(ctx context.Context, ch desk.ChannelID) ([]served.ChannelConfig, error)
	// LiveAskedIn returns the cases of an account whose live chat is in a
	// channel or its threads, or was asked for there, by id.
	LiveAskedIn(ctx context.Context, account desk.AccountID, channel desk.Place) ([]desk.CaseID, error)
	// LiveOf returns the cases of an account in a workspace whose chat is
	// requested or in progress, by id.
	LiveOf(ctx context.Context, account desk.AccountID, w desk.WorkspaceID) ([]desk.CaseID, error)

	// Installation returns our app as Slack gave it out, or desk.ErrNotFound;
	// Installations all of them, also those that are no more, by id.
	Installation(ctx context.Context, id served.InstallationID) (served.Installation, error)
	Installations(ctx context.Context) ([]served.Installation, error)
	// InstallState returns an installation that was begun, or desk.ErrNotFound.
	InstallState(ctx context.Context, hash string) (served.InstallState, error)

	// ChannelChanges returns all changes of channels' ids, oldest first.
	ChannelChanges(ctx context.Context) ([]desk.ChannelChange, error)

	// Groups returns the user groups of a workspace with who is in them, by
	// handle.
	Groups(ctx context.Context, w desk.WorkspaceID) ([]served.Group, error)
	// GroupsOf returns the user groups of a workspace that a person is in.
	GroupsOf(ctx context.Context, w desk.WorkspaceID, who desk.PersonID) ([]served.GroupID, error)
}

// AuditReader reads who did what.
type AuditReader interface {
	// Audit returns up to limit entries that the filter finds, newest first,
	// with an ID below before (0: from the newest on).
	Audit(ctx context.Context, f desk.AuditFilter, before int64, limit int) ([]desk.AuditEntry, error)
}

// DraftReader reads what people have begun in forms.
type DraftReader interface {
	// Draft returns a draft that has not expired at now, or desk.ErrNotFound.
	Draft(ctx context.Context, id string, now time.Time) (personal.Draft, error)
	// DraftsOf returns up to limit drafts of a person that have not expired at
	// now, those that expire last first.
	DraftsOf(ctx context.Context, owner desk.PersonID, now time.Time, limit int) ([]personal.Draft, error)
}

// A Home is the app's home tab in Slack, as somebody looks at it.
type Home struct {
	Person   desk.PersonID
	Page     int       // of their cases, from 0 on
	OpenedAt time.Time // the last time
}

// HomeReader reads who looks at the app's home tab, and what is on it.
type HomeReader interface {
	// OpenHomes returns the homes that were opened at or after since, by person.
	OpenHomes(ctx context.Context, since time.Time) ([]Home, error)
	// HomesWith returns those of them that a case is on, by person: whose case it
	// is, and who wrote to it.
	HomesWith(ctx context.Context, id desk.CaseID, since time.Time) ([]Home, error)
	// CasesOf returns up to limit open cases that a person opened or wrote to:
	// those with a live chat first, then the newest.
	CasesOf(ctx context.Context, who desk.PersonID, limit int) ([]desk.CaseID, error)
}
