package sqlstore

import (
	"context"
	"errors"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store/sqlstore/audit"
	"caseline/internal/store/sqlstore/commit"
)

// An access lends the statements of an update to its parts in other packages.
type access struct{ t *tx }

// Query runs a query in the update.
func (a access) Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error {
	return a.t.query(ctx, what, text, args, each)
}

// Write runs a statement in the update.
func (a access) Write(ctx context.Context, what commit.Op, text string, args ...any) error {
	return a.t.write(ctx, what, text, nil, args...)
}

// HintAgents has everybody look at the agents again.
func (a access) HintAgents() { a.t.hints.Agents = true }

// HintLooks tells that who looks at a case has changed.
func (a access) HintLooks(id desk.CaseID) { a.t.hints.TouchLooks(id) }

// A look lends the queries of a reader.
type look struct{ r reads }

// Query runs a query in a transaction of its own.
func (l look) Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error {
	return l.r.query(ctx, what, text, args, each)
}

const (
	setupRow  = "setup"
	lockSetup = `SELECT x.id FROM setup_lock x WHERE x.id = $1`
	hasSetup  = `SELECT 1 FROM setup_lock WHERE id = $1`
)

// LockSetup makes other updates that call it wait until this one ends.
func (t *tx) LockSetup(ctx context.Context) error {
	if _, err := t.session.Hold(setupRow); err != nil {
		return t.note(err)
	}
	what := commit.Op{Doing: "lock the setup"}
	skips, text := t.session.NoWait(), lockSetup+t.store.dialect.Lock
	if skips {
		text = lockSetup + t.store.dialect.SkipLocked
	}
	err := one(ctx, t, what, text, []any{setupRow}, func(from commit.Row) error { return from.Scan(new(string)) })
	if skips && errors.Is(err, desk.ErrNotFound) {
		return t.notThereOrBusy(ctx, what, hasSetup, setupRow)
	}
	return err
}

// SaveWorkspace adds or replaces a workspace.
func (t *tx) SaveWorkspace(ctx context.Context, w *served.Workspace) error {
	t.hints.Agents = true // every page says when a workspace is disconnected
	return t.Tx.SaveWorkspace(ctx, w)
}

// Audit adds an entry to who did what.
func (t *tx) Audit(ctx context.Context, e *desk.AuditEntry) error {
	return t.insert(ctx, commit.Op{Doing: "audit", ID: e.What}, t.store.texts.audit, func(id int64) { e.ID = id }, audit.Args(e)...)
}

// Audit returns who did what, newest first.
func (r reads) Audit(ctx context.Context, f desk.AuditFilter, before int64, limit int) ([]desk.AuditEntry, error) {
	return audit.Find(ctx, f, before, limit, r.query)
}

// SaveChannelChange adds a change of a channel's id.
func (t *tx) SaveChannelChange(ctx context.Context, c *desk.ChannelChange) error {
	t.hints.Agents = true // other nodes are to know of it
	return t.Tx.SaveChannelChange(ctx, c)
}

// SaveInstallation adds or replaces an installation.
func (t *tx) SaveInstallation(ctx context.Context, i *served.Installation) error {
	t.hints.Agents = true // other nodes are to know of it
	return t.installTx.SaveInstallation(ctx, i)
}

// ClaimRefresh makes the caller the one who refreshes an installation's tokens.
func (t *tx) ClaimRefresh(ctx context.Context, id served.InstallationID, ttl time.Duration) error {
	return t.write(ctx, commit.Op{Doing: "claim the refreshing of", ID: string(id)}, t.store.texts.claimRefresh, mustTouch,
		t.store.clocked(string(id), ttl.Microseconds())...)
}
