package keeping

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
)

const (
	selectExport = `SELECT id, account, side, actor, actor_name, asked_at, state, claim, hash, size, cases, until, reason FROM exports`

	saveExport = `INSERT INTO exports (id, account, side, actor, actor_name, asked_at, state, claim, hash, size, cases, until, reason)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
	ON CONFLICT (id) DO UPDATE SET state = excluded.state, claim = excluded.claim, hash = excluded.hash, size = excluded.size, cases = excluded.cases,
	until = excluded.until, reason = excluded.reason`

	selectCatalogue = `SELECT version, at, side, actor, actor_name, note, body, former FROM catalogues`

	addCatalogue = `INSERT INTO catalogues (version, at, side, actor, actor_name, note, body, former) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

func scanExport(r commit.Row) (e keeping.Export, err error) {
	var asked, until, cases int64
	err = r.Scan(&e.ID, (*string)(&e.Account), (*string)(&e.By.Side), &e.By.ID, &e.By.Name, &asked, (*string)(&e.State), &e.Claim, &e.Hash, &e.Size, &cases, &until, &e.Reason)
	e.AskedAt, e.Until, e.Cases = instant(asked), instant(until), int(cases)
	return e, err
}

// Export returns an export.
func (r Reads) Export(ctx context.Context, id string) (keeping.Export, error) {
	return r.export(ctx, id, "")
}

func (r Reads) export(ctx context.Context, id, lock string) (e keeping.Export, err error) {
	err = one(ctx, r.Keeping, commit.Op{Doing: "export", ID: id}, selectExport+" WHERE id = $1"+lock, []any{id}, func(from commit.Row) error {
		e, err = scanExport(from)
		return err
	})
	return e, err
}

// Exports returns the latest exports.
func (r Reads) Exports(ctx context.Context, limit int) ([]keeping.Export, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "exports"}, selectExport+" ORDER BY asked_at DESC, id DESC LIMIT $1", []any{int64(limit)}, scanExport)
}

// SaveExport adds or replaces an export.
func (t Tx) SaveExport(ctx context.Context, e *keeping.Export) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "save export", ID: e.ID}, saveExport, e.ID, string(e.Account), string(e.By.Side), e.By.ID, e.By.Name,
		micros(e.AskedAt), string(e.State), e.Claim, e.Hash, e.Size, int64(e.Cases), micros(e.Until), e.Reason)
}

// ClaimExport gives an export to the holder of a claim.
func (t Tx) ClaimExport(ctx context.Context, id, claim string, now, until time.Time) error {
	e, err := t.export(ctx, id, t.lock())
	if err != nil {
		return err
	}
	if e.State != keeping.Asked || e.Claim != "" && e.Claim != claim && e.Until.After(now) {
		return fmt.Errorf("claim export %s: %w", id, desk.ErrConflict)
	}
	e.Claim, e.Until = claim, until
	return t.SaveExport(ctx, &e)
}

func scanCatalogue(r commit.Row) (c keeping.Catalogue, err error) {
	var at int64
	err = r.Scan(&c.Version, &at, (*string)(&c.By.Side), &c.By.ID, &c.By.Name, &c.Note, &c.Text, &c.Former)
	c.At = instant(at)
	return c, err
}

// SavedCatalogue returns a version of the catalogue, 0 for the newest.
func (r Reads) SavedCatalogue(ctx context.Context, version int64) (c keeping.Catalogue, err error) {
	text, args := selectCatalogue+" WHERE version = $1", []any{version}
	if version == 0 {
		text, args = selectCatalogue+" ORDER BY version DESC LIMIT 1", nil
	}
	err = one(ctx, r.Keeping, commit.Op{Doing: "catalogue"}, text, args, func(from commit.Row) error {
		c, err = scanCatalogue(from)
		return err
	})
	return c, err
}

// SavedCatalogues returns versions, the newest first, without their texts.
func (r Reads) SavedCatalogues(ctx context.Context, below int64, limit int) ([]keeping.Catalogue, error) {
	text, args := `SELECT version, at, side, actor, actor_name, note, '', '' FROM catalogues`, []any{int64(limit)}
	if below > 0 {
		text, args = text+" WHERE version < $2", append(args, below)
	}
	return all(ctx, r.Keeping, commit.Op{Doing: "catalogues"}, text+" ORDER BY version DESC LIMIT $1", args, scanCatalogue)
}

// AddCatalogue adds a version.
func (t Tx) AddCatalogue(ctx context.Context, c *keeping.Catalogue) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "add catalogue", ID: fmt.Sprint(c.Version)}, addCatalogue,
		c.Version, micros(c.At), string(c.By.Side), c.By.ID, c.By.Name, c.Note, c.Text, c.Former)
}
