package store

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
)

// PolicyReader reads what accounts want kept, and what falls due by it.
type PolicyReader interface {
	// Policy returns what an account wants kept: everything, unless it said so.
	Policy(ctx context.Context, account desk.AccountID) (keeping.Policy, error)
	// Policies returns those that were saved, by account.
	Policies(ctx context.Context) ([]keeping.Policy, error)
	// Hold returns why a case is held, or desk.ErrNotFound.
	Hold(ctx context.Context, id desk.CaseID) (keeping.Hold, error)
	// HoldsOf returns up to limit holds of an account's cases, by case.
	HoldsOf(ctx context.Context, account desk.AccountID, limit int) ([]keeping.Hold, error)
	// HeldOf returns up to limit holds of cases that somebody in Slack opened or
	// wrote to, by case, and the policies of accounts with such cases that hold them all.
	HeldOf(ctx context.Context, who desk.PersonID, limit int) ([]keeping.Hold, []keeping.Policy, error)
	// Due returns up to limit cases of an account, not held, that were resolved
	// before a time and of which something of a kind is left, the oldest first.
	Due(ctx context.Context, account desk.AccountID, k keeping.Kind, before time.Time, limit int) ([]keeping.Due, error)
	// Forecast counts them all.
	Forecast(ctx context.Context, account desk.AccountID, k keeping.Kind, before time.Time) (keeping.Forecast, error)
}

// PolicyTx writes what accounts want kept, and erases by it.
type PolicyTx interface {
	PolicyReader
	SavePolicy(ctx context.Context, p *keeping.Policy) error
	SaveHold(ctx context.Context, h *keeping.Hold) error
	DropHold(ctx context.Context, id desk.CaseID) error
	// Progress says how far the erasing of a case has come.
	Progress(ctx context.Context, id desk.CaseID) ([]keeping.Progress, error)
	// SaveProgress notes how far the erasing of a locked case has come.
	SaveProgress(ctx context.Context, p keeping.Progress) error
	// Spoken returns the entries of a case that people wrote, with Seq above
	// after, up to limit: messages, notes and files.
	Spoken(ctx context.Context, id desk.CaseID, after int64, limit int) ([]desk.Correspondence, error)
	// EraseBy is EraseEntry for another cause than a deletion: mark is
	// desk.MarkExpired or desk.MarkWished.
	EraseBy(ctx context.Context, id desk.CaseID, seq int64, mark string) error
	// EraseFileOf blanks the file of an entry and discards its bytes, and leaves
	// the entry. gone is false when there was nothing to do.
	EraseFileOf(ctx context.Context, id desk.CaseID, seq int64) (gone bool, err error)
	// EraseCase blanks what a locked case says besides its log: subject,
	// description, addresses, names of channels, reactions, and what the events of
	// its places said that were received before a time. It must not be saved after
	// that in the same update.
	EraseCase(ctx context.Context, id desk.CaseID, before time.Time) error
}

// ErasureReader reads the records of erasures, and what is known of people.
type ErasureReader interface {
	Erasure(ctx context.Context, id string) (keeping.Erasure, error)
	// Erasures returns up to limit records, the latest first, that began before a
	// time (zero: from the latest on).
	Erasures(ctx context.Context, before time.Time, limit int) ([]keeping.Erasure, error)
	// ErasuresOf returns those with a hash.
	ErasuresOf(ctx context.Context, hash string) ([]keeping.Erasure, error)
	// OpenErasures returns up to limit of those that go on, by id.
	OpenErasures(ctx context.Context, limit int) ([]keeping.Erasure, error)
	// Wrote counts what somebody in Slack wrote, and in how many cases.
	Wrote(ctx context.Context, who desk.PersonID) (keeping.Find, error)
	// CasesWith returns those of the next limit cases after one, by id, that have
	// to do with somebody: as its requester, by their words, or because they are
	// mentioned; or that name an agent. last is the last case that was looked at; empty when there was none.
	CasesWith(ctx context.Context, who keeping.Names, after desk.CaseID, limit int) (found []desk.CaseID, last desk.CaseID, err error)
	// CasesBy returns the next limit cases of an account after one, by id; of all
	// accounts for none.
	CasesBy(ctx context.Context, account desk.AccountID, after desk.CaseID, limit int) ([]desk.CaseID, error)
}

// ErasureTx writes the records, and takes people out of what is recorded.
type ErasureTx interface {
	// ErasuresOf is the reader's, in the update.
	ErasuresOf(ctx context.Context, hash string) ([]keeping.Erasure, error)
	// SaveErasure adds a record, or replaces the one whose Step is one less.
	// desk.ErrConflict when somebody else has gone on with it.
	SaveErasure(ctx context.Context, e *keeping.Erasure) error
	// CountErased adds to a record what was erased, and makes the record if it is
	// not there.
	CountErased(ctx context.Context, e *keeping.Erasure) error
	// WordsOf returns up to limit entries that somebody wrote in a locked case,
	// in order.
	WordsOf(ctx context.Context, id desk.CaseID, who desk.PersonID, limit int) ([]desk.Correspondence, error)
	// GiveWords says of an entry that somebody else wrote it.
	GiveWords(ctx context.Context, id desk.CaseID, seq int64, who keeping.Names) error
	// RenameInCase has a locked case call somebody by another id wherever it
	// does. own says that its subject and description are theirs. It must not be
	// saved after that in the same update.
	RenameInCase(ctx context.Context, id desk.CaseID, who keeping.Names) (own bool, err error)
	// ForgetPerson takes somebody out of all that is not of a case, a piece at a time:
	// raw events, the audit, drafts, homes, groups, permissions, what is known of them. next is
	// where to go on, empty at the end.
	ForgetPerson(ctx context.Context, who keeping.Names, from string) (next string, c keeping.Counts, err error)
	// RenameAgentInCase has a locked case call an agent by another name than they
	// are and were called.
	RenameAgentInCase(ctx context.Context, id desk.CaseID, who keeping.Names, name string) error
	// RenameAgentInAudit does so with the next entries of the audit after one.
	RenameAgentInAudit(ctx context.Context, who keeping.Names, name string, after int64, limit int) (last int64, n int, err error)
	// EventsPending reports whether an event that is still to be applied tells of
	// somebody.
	EventsPending(ctx context.Context, who keeping.Names) (bool, error)
	// ForgetAgentInEvents blanks those of the next raw events after one that have
	// a name or the address of an agent. last is 0 when there was none.
	ForgetAgentInEvents(ctx context.Context, who keeping.Names, after int64) (last int64, c keeping.Counts, err error)
	// ForgetAgent takes an agent out of all that they kept for themselves and
	// that lets them in: what they have typed and not sent, replies, views and
	// snoozes of their own, where notes name them, where they look, preferences,
	// devices, the seat, sign-ins, the second factor, who they are elsewhere,
	// invitations to their address, and invitations that they made. What they did in the console's setup
	// is said to be by As. Teams are not changed.
	ForgetAgent(ctx context.Context, who keeping.Names, as string) error
	// ForgetCase takes what agents keep about a locked case, and what people
	// said of its chats, but for the scores. n is how many remarks there were.
	ForgetCase(ctx context.Context, id desk.CaseID) (n int, err error)
	// CasesWith is the reader's, in the update.
	CasesWith(ctx context.Context, who keeping.Names, after desk.CaseID, limit int) (found []desk.CaseID, last desk.CaseID, err error)
}

// ExportReader reads exports.
type ExportReader interface {
	Export(ctx context.Context, id string) (keeping.Export, error)
	// Exports returns up to limit of them, the latest first.
	Exports(ctx context.Context, limit int) ([]keeping.Export, error)
}

// ExportTx writes exports.
type ExportTx interface {
	ExportReader
	SaveExport(ctx context.Context, e *keeping.Export) error
	// ClaimExport gives an export that was asked for to the holder of a claim
	// until a time; desk.ErrConflict when somebody else has it at now.
	ClaimExport(ctx context.Context, id, claim string, now, until time.Time) error
}

// CatalogueReader reads the versions of the catalogue that were saved in the
// console.
type CatalogueReader interface {
	// SavedCatalogue returns a version, 0 for the newest, or desk.ErrNotFound.
	SavedCatalogue(ctx context.Context, version int64) (keeping.Catalogue, error)
	// SavedCatalogues returns up to limit versions below one (0: from the newest
	// on), the newest first, without their texts.
	SavedCatalogues(ctx context.Context, below int64, limit int) ([]keeping.Catalogue, error)
}

// CatalogueTx writes them.
type CatalogueTx interface {
	CatalogueReader
	// AddCatalogue adds a version; desk.ErrConflict when it is there.
	AddCatalogue(ctx context.Context, c *keeping.Catalogue) error
}
