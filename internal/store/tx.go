package store

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
)

// A Tx is one update's view of the store. It sees its own writes. It must not
// be kept after the function it was given to returns, and is used by one
// goroutine.
//
// Not finding something is an answer. Every other error ends the update:
// nothing else of it succeeds, and Update returns that error even if the
// function does not. A write that returned nil may still turn out to have
// failed, for instance with desk.ErrConflict; then Update says so. IDs that
// the database gives are set when Update has returned.
type Tx interface {
	CaseTx
	LogTx
	DeliveryTx
	NewsTx
	EventTx
	PeopleTx
	AgentTx
	SignInTx
	SetupTx
	AuditTx
	DraftTx
	HomeTx
	MailTx
	ReportTx
	RosterTx
	WorkingTx
	PolicyTx
	ErasureTx
	ExportTx
	CatalogueTx
}

// CaseTx writes cases.
type CaseTx interface {
	// InsertCase adds a case and its chat, if it has one. It is then locked.
	// desk.ErrConflict when the id, number or place is taken.
	InsertCase(ctx context.Context, c *desk.Case) error
	// LockCase returns a case that no other update can lock until this one
	// ends.
	LockCase(ctx context.Context, id desk.CaseID) (desk.Case, error)
	// LockCaseAt is LockCase for the case whose chats are at place, or were
	// there before the case moved to another.
	LockCaseAt(ctx context.Context, place desk.Place) (desk.Case, error)
	// LiveAt returns the cases whose chat is requested or in progress at
	// place or in a thread of it, by id. They are not locked.
	LiveAt(ctx context.Context, place desk.Place) ([]desk.CaseID, error)
	// EndedAt returns the cases at place or in a thread of it whose chat has
	// ended at since or later, the latest changed first. They are not locked.
	EndedAt(ctx context.Context, place desk.Place, since time.Time, limit int) ([]desk.CaseID, error)
	// SaveCase writes everything of a locked case that can change, and its
	// latest chat when that has changed since it was read.
	SaveCase(ctx context.Context, c *desk.Case) error
	// SaveEarlierChat writes Messages, Files and what nothing is looked up by
	// (Tally, Waiting, Others …) of a chat of a locked case that is not its
	// latest. desk.ErrConflict when there is no such chat.
	SaveEarlierChat(ctx context.Context, s *desk.ChatSession) error
	// Chats returns all chats of a case, oldest first.
	Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error)
}

// LogTx writes the correspondence.
type LogTx interface {
	// Seen reports whether an entry has the origin.
	Seen(ctx context.Context, origin desk.Origin) (bool, error)
	// EntryFrom returns the entry with the origin, or desk.ErrNotFound.
	EntryFrom(ctx context.Context, origin desk.Origin) (desk.Correspondence, error)
	// Entry is the reader's, inside the update.
	Entry(ctx context.Context, id desk.CaseID, seq int64) (desk.Correspondence, error)
	// Changes returns the edits and deletions of an entry, in order of Seq.
	Changes(ctx context.Context, id desk.CaseID, seq int64) ([]desk.Correspondence, error)
	// EntryShown returns the entry of a case that Slack shows at ts without
	// one having the origin itself: the first file of the message with the
	// origin, or what a delivery posted there. desk.ErrNotFound for none.
	EntryShown(ctx context.Context, id desk.CaseID, origin desk.Origin, ts string) (desk.Correspondence, error)
	// AppendLog adds an entry that desk numbered. desk.ErrConflict when its
	// origin is already there.
	AppendLog(ctx context.Context, e *desk.Correspondence) error
	// AppendOnce is AppendLog unless an entry with the origin is there; then
	// added is false, and nothing has changed. It spares a Seen.
	AppendOnce(ctx context.Context, e *desk.Correspondence) (added bool, err error)
	// CountChat counts the messages and files recorded in a chat.
	CountChat(ctx context.Context, id desk.CaseID, chat desk.ChatID) (messages, files int, err error)
	InsertFile(ctx context.Context, f *desk.File) error
	// File returns a file for changing; its case must be locked.
	File(ctx context.Context, id desk.FileID) (desk.File, error)
	SaveFile(ctx context.Context, f *desk.File) error
	// EraseEntry is the one exception to the rule that the log never changes:
	// it blanks what an entry of a locked case and its edits say, marks each
	// as desk.MarkErased, and blanks the entry's file and what deliveries of
	// it say. The edit keep stays as it is; 0 is none. The file's bytes are
	// discarded. Erasing again changes nothing.
	EraseEntry(ctx context.Context, id desk.CaseID, seq, keep int64) error
	// Discard notes that the bytes with the hash are to be removed once no
	// file has them; KeepDiscarded takes that back or notes that it is done.
	Discard(ctx context.Context, hash string) error
	KeepDiscarded(ctx context.Context, hash string) error
}

// DeliveryTx writes the outbox.
type DeliveryTx interface {
	// Enqueue adds a delivery at the end of its lane and gives it its ID.
	Enqueue(ctx context.Context, d *desk.Delivery) error
	// EnqueueOnce is Enqueue, unless an unclaimed, never tried delivery of the
	// same lane, kind and content is waiting, which will do the same.
	EnqueueOnce(ctx context.Context, d *desk.Delivery) error
	// Forget removes a delivery that was sent or refused, and changes nothing when
	// there is none. Its ID may be given again, so it is for what is done over and over and
	// leaves no trace in Slack.
	Forget(ctx context.Context, id desk.DeliveryID) error
	// DeliveriesOf is the reader's, inside the update.
	DeliveriesOf(ctx context.Context, id desk.CaseID, after int64) ([]desk.Delivery, error)
	// Landing reports whether a reply or a file of a case has been tried and is not
	// settled, so that Slack may show it without EntryShown knowing.
	Landing(ctx context.Context, id desk.CaseID) (bool, error)
	// Head returns the oldest open delivery of a lane, locked, with its Place
	// resolved to the case's when it has none of its own. desk.ErrNotFound
	// when the lane has none, or another update or a live claim holds it.
	// interrupted is true when an expired claim was found: the last try may
	// have landed.
	Head(ctx context.Context, lane desk.Lane) (d desk.Delivery, interrupted bool, err error)
	// Claim gives the delivery to the holder of token for ttl by the
	// database's clock, counting an attempt begun at now.
	Claim(ctx context.Context, id desk.DeliveryID, token string, ttl time.Duration, now time.Time) error
	// Settle writes State, Part, NotBefore, Receipt, Reason and SettledAt of
	// d and ends the claim. desk.ErrConflict when token does not hold it.
	Settle(ctx context.Context, d *desk.Delivery, token string) error
	// Postpone moves an unclaimed delivery's NotBefore.
	Postpone(ctx context.Context, id desk.DeliveryID, until time.Time, reason string) error
	// Buckets returns the stored instants, UTC microseconds, of the pace
	// buckets with these keys; 0 for a bucket never used. They are locked.
	Buckets(ctx context.Context, keys []string) ([]int64, error)
	// SaveBuckets writes the instants of the buckets.
	SaveBuckets(ctx context.Context, keys []string, instants []int64) error
}

// NewsTx writes what channels hear of cases, and where.
type NewsTx interface {
	// SaveCaseThread notes the thread in which a channel hears of a case.
	SaveCaseThread(ctx context.Context, id desk.CaseID, channel desk.Place, ts string) error
	// Gather is Enqueue, unless an unclaimed, never tried delivery of the same
	// lane and kind is waiting: then that one gets the Seqs of d besides its
	// own, and d its ID.
	Gather(ctx context.Context, d *desk.Delivery) error
}

// EventTx writes the inbox.
type EventTx interface {
	// AddEvent adds an event, in its State, and sets its ID. added is false
	// when one with the same Key is already there.
	AddEvent(ctx context.Context, e *desk.Event) (added bool, err error)
	// Arrive adds an event that has just come in, and sets its ID, State and
	// Attempts: as pending if its lane has a pending event, otherwise as done
	// at the first attempt, for the update to apply it. added is false when
	// one with the same Key is already there.
	Arrive(ctx context.Context, e *desk.Event) (added bool, err error)
	// NextEvent returns the oldest pending event of a lane, locked, whatever
	// its NotBefore. desk.ErrNotFound when there is none or another update
	// holds it.
	NextEvent(ctx context.Context, lane desk.Lane) (desk.Event, error)
	// SaveEvent writes State, Attempts, NotBefore and Reason.
	SaveEvent(ctx context.Context, e *desk.Event) error
	// EraseEvents blanks the bytes of the events that tell of a message, but
	// for those that are still to be applied: they are blanked when they are.
	EraseEvents(ctx context.Context, of desk.EventTrace) error
	// PurgeEvents deletes up to limit done events received before t.
	PurgeEvents(ctx context.Context, before time.Time, limit int) (int, error)
}

// PeopleTx writes what is known of people in Slack.
type PeopleTx interface {
	// NotePerson adds somebody not yet known, to be looked up.
	NotePerson(ctx context.Context, id desk.PersonID) error
	// CallPerson names somebody from outside who has no name yet, until they are
	// looked up.
	CallPerson(ctx context.Context, id desk.PersonID, name string) error
	// SavePerson adds or replaces what is known of somebody. Without a name they
	// keep the one they had, and where they are from.
	SavePerson(ctx context.Context, p *desk.Person) error
	// SaveCustomEmoji adds or replaces an emoji of a workspace, DropCustomEmoji
	// forgets one.
	SaveCustomEmoji(ctx context.Context, w desk.WorkspaceID, e *served.CustomEmoji) error
	DropCustomEmoji(ctx context.Context, w desk.WorkspaceID, name string) error
}

// AgentTx writes agents and their sign-ins.
type AgentTx interface {
	// LockAgent returns an agent whom no other update can lock until this one
	// ends.
	LockAgent(ctx context.Context, id desk.AgentID) (desk.Agent, error)
	// SaveAgent adds or replaces an agent. desk.ErrConflict when another has
	// the e-mail address.
	SaveAgent(ctx context.Context, a *desk.Agent) error
	// SeeAgent notes that the agent's console was connected at a time, if it
	// was last seen desk.SeenEvery before that or earlier. It gives no hint.
	SeeAgent(ctx context.Context, id desk.AgentID, at time.Time) error
	// SavePortrait adds or replaces an agent's picture, DropPortrait forgets it.
	SavePortrait(ctx context.Context, p *personal.Portrait) error
	DropPortrait(ctx context.Context, a desk.AgentID) error
	SaveSession(ctx context.Context, token string, data []byte, expires time.Time) error
	DeleteSession(ctx context.Context, token string) error
	PurgeSessions(ctx context.Context, before time.Time) error
}

// SetupTx writes who is served where. What it reads is as it is inside the
// update; LockSetup keeps others from changing it meanwhile.
type SetupTx interface {
	SetupReader
	// LockSetup makes other updates that call it wait until this one ends. It
	// comes first in the lock order, and goes with no case.
	LockSetup(ctx context.Context) error
	// SaveAccount adds or replaces an account. desk.ErrConflict when another
	// has its alias.
	SaveAccount(ctx context.Context, a *served.Account) error
	SaveWorkspace(ctx context.Context, w *served.Workspace) error
	// LinkWorkspace links an account and a workspace, if they are not yet.
	LinkWorkspace(ctx context.Context, account desk.AccountID, w desk.WorkspaceID) error
	UnlinkWorkspace(ctx context.Context, account desk.AccountID, w desk.WorkspaceID) error
	SaveChannel(ctx context.Context, c *served.ChannelConfig) error
	// SaveChannelChange adds a change of a channel's id, unless it is there.
	SaveChannelChange(ctx context.Context, c *desk.ChannelChange) error
	DeleteChannel(ctx context.Context, account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) error
	// SaveInstallation adds or replaces an installation; its Version is one more
	// then, whatever i says.
	SaveInstallation(ctx context.Context, i *served.Installation) error
	// ClaimRefresh makes the caller the one who refreshes the tokens of an
	// installation for ttl, by the database's clock. desk.ErrConflict when
	// somebody else is. SaveInstallation with an empty RefreshBy ends it.
	ClaimRefresh(ctx context.Context, id served.InstallationID, ttl time.Duration) error
	SaveInstallState(ctx context.Context, s *served.InstallState) error
	// PurgeInstallStates deletes those that expired before a time, and the
	// oldest of more than most.
	PurgeInstallStates(ctx context.Context, before time.Time, most int) error
	// SaveGroup adds or replaces a user group and who is in it.
	SaveGroup(ctx context.Context, g *served.Group) error
	// MoveMembers notes who came into a user group and who left it.
	MoveMembers(ctx context.Context, w desk.WorkspaceID, g served.GroupID, came, left []desk.PersonID) error
}

// AuditTx writes who did what.
type AuditTx interface {
	// Audit adds an entry; its ID is set when Update has returned.
	Audit(ctx context.Context, e *desk.AuditEntry) error
}

// DraftTx writes what people have begun in forms.
type DraftTx interface {
	// SaveDraft adds a draft or replaces the one with its ID.
	SaveDraft(ctx context.Context, d *personal.Draft) error
	// AddDraft adds a draft unless there is one with its ID, expired or not.
	// added reports whether the one that is there has d's body.
	AddDraft(ctx context.Context, d *personal.Draft) (added bool, err error)
	// DeleteDraft deletes a draft, if it is there.
	DeleteDraft(ctx context.Context, id string) error
	// PurgeDrafts deletes the drafts that have expired at now.
	PurgeDrafts(ctx context.Context, now time.Time) error
}

// HomeTx writes who looks at the app's home tab.
type HomeTx interface {
	// SaveHome notes that somebody looks at a page of it.
	SaveHome(ctx context.Context, h *Home) error
}
