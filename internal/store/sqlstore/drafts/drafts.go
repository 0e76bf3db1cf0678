package drafts

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store/sqlstore/commit"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
}

// Reads are the queries.
type Reads struct{ Drafts Asker }

// A Tx is an update's part.
type Tx struct{ DraftsTo Changer }

const (
	save = `INSERT INTO drafts (id, owner, kind, body, expires_at) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, kind = excluded.kind, body = excluded.body, expires_at = excluded.expires_at`
	// The first to ask has it.
	add        = `INSERT INTO drafts (id, owner, kind, body, expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`
	selectBody = `SELECT body FROM drafts WHERE id = $1`

	selectOne = `SELECT owner, kind, body, expires_at FROM drafts WHERE id = $1 AND expires_at > $2`
	selectOf  = `SELECT id, kind, body, expires_at FROM drafts WHERE owner = $1 AND expires_at > $2 ORDER BY expires_at DESC, id LIMIT $3`
	drop      = `DELETE FROM drafts WHERE id = $1`
	purge     = `DELETE FROM drafts WHERE expires_at <= $1`
)

// SaveDraft adds or replaces a draft.
func (t Tx) SaveDraft(ctx context.Context, d *personal.Draft) error {
	return t.DraftsTo.Write(ctx, commit.Op{Doing: "save draft", ID: d.ID}, save, d.ID, string(d.Owner), d.Kind, d.Body, d.ExpiresAt.UnixMicro())
}

// AddDraft adds a draft unless there is one with its ID. added reports whether
// the one that is there has d's body.
func (t Tx) AddDraft(ctx context.Context, d *personal.Draft) (added bool, err error) {
	what := commit.Op{Doing: "add draft", ID: d.ID}
	if err := t.DraftsTo.Write(ctx, what, add, d.ID, string(d.Owner), d.Kind, d.Body, d.ExpiresAt.UnixMicro()); err != nil {
		return false, err
	}
	err = t.DraftsTo.Query(ctx, what, selectBody, []any{d.ID}, func(from commit.Row) error {
		var body string
		err := from.Scan(&body)
		added = body == d.Body
		return err
	})
	return added, err
}

// DeleteDraft deletes a draft, if it is there.
func (t Tx) DeleteDraft(ctx context.Context, id string) error {
	return t.DraftsTo.Write(ctx, commit.Op{Doing: "delete draft", ID: id}, drop, id)
}

// PurgeDrafts deletes the drafts that have expired at now.
func (t Tx) PurgeDrafts(ctx context.Context, now time.Time) error {
	return t.DraftsTo.Write(ctx, commit.Op{Doing: "purge", ID: "drafts"}, purge, now.UnixMicro())
}

// Draft returns a draft that has not expired at now.
func (r Reads) Draft(ctx context.Context, id string, now time.Time) (d personal.Draft, err error) {
	found, what := false, commit.Op{Doing: "draft", ID: id}
	err = r.Drafts.Query(ctx, what, selectOne, []any{id, now.UnixMicro()}, func(from commit.Row) error {
		found = true
		var expires int64
		err := from.Scan((*string)(&d.Owner), &d.Kind, &d.Body, &expires)
		d.ID, d.ExpiresAt = id, time.UnixMicro(expires).UTC()
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("draft %s: %w", id, desk.ErrNotFound)
	}
	return d, err
}

// DraftsOf returns a person's drafts that have not expired at now.
func (r Reads) DraftsOf(ctx context.Context, owner desk.PersonID, now time.Time, limit int) (all []personal.Draft, err error) {
	args := []any{string(owner), now.UnixMicro(), int64(limit)}
	err = r.Drafts.Query(ctx, commit.Op{Doing: "drafts of", ID: string(owner)}, selectOf, args, func(from commit.Row) error {
		d := personal.Draft{Owner: owner}
		var expires int64
		err := from.Scan(&d.ID, &d.Kind, &d.Body, &expires)
		d.ExpiresAt = time.UnixMicro(expires).UTC()
		all = append(all, d)
		return err
	})
	return all, err
}
