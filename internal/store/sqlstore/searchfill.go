package sqlstore

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/search"
	"caseline/internal/store/sqlstore/stored"
)

// backlogBite is how many entries are read into the index at once: what comes
// in meanwhile waits so long.
const backlogBite = 200

const (
	selectBacklog  = `SELECT ordinal, seq FROM search_backlog`
	lockBacklog    = `SELECT x.ordinal, x.seq FROM search_backlog x`
	updateBacklog  = `UPDATE search_backlog SET ordinal = $1, seq = $2`
	deleteBacklog  = `DELETE FROM search_backlog`
	numberedCase   = `SELECT case_id FROM search_cases WHERE ordinal = $1`
	selectAllNewer = stored.SelectEntry + ` WHERE case_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`
	selectAllEdits = stored.SelectEntry + ` WHERE case_id = $1 AND kind IN ('edit', 'deletion') ORDER BY seq`
)

// FillIndex reads some more of what was written before there was an index of
// words into it, newest cases first, and reports whether there is more to read.
// Called again after a crash it goes on where it was.
func (s *Store) FillIndex(ctx context.Context) (more bool, err error) {
	err = s.Update(ctx, func(of store.Tx) error {
		t := of.(*tx) // unreachable otherwise: Update gives nothing else
		for left := int64(backlogBite); left > 0; {
			var ordinal, seq int64
			what := commit.Op{Doing: "lock the index's backlog"}
			err := t.query(ctx, what, lockBacklog+s.dialect.SkipLocked, nil, func(r commit.Row) error { return r.Scan(&ordinal, &seq) })
			if err != nil {
				return err
			}
			if ordinal == 0 { // it is empty, or another node is reading
				more, err = t.exists(ctx, what, selectBacklog)
				return err
			}
			more = true
			n, err := t.fill(ctx, ordinal, seq, left)
			if err != nil {
				return err
			}
			left -= n + 1
		}
		return nil
	})
	return more, err
}

// fill indexes up to limit entries of one case, and notes how far it came.
func (t *tx) fill(ctx context.Context, ordinal, seq, limit int64) (n int64, err error) {
	what := commit.Op{Doing: "fill the index"}
	var id string
	err = t.query(ctx, what, numberedCase, []any{ordinal}, func(r commit.Row) error { return r.Scan(&id) })
	if err != nil {
		return 0, err
	}
	if id != "" {
		if seq, n, err = t.fillCase(ctx, id, seq, limit); err != nil {
			return n, err
		}
	}
	switch {
	case n == limit:
		return n, t.write(ctx, what, updateBacklog, nil, ordinal, seq)
	case ordinal > 1:
		return n, t.write(ctx, what, updateBacklog, nil, ordinal-1, int64(0))
	}
	return n, t.write(ctx, what, deleteBacklog, nil)
}

func (t *tx) fillCase(ctx context.Context, id string, seq, limit int64) (last, n int64, err error) {
	if seq == 0 {
		var r stored.Case
		if err := one(ctx, t, commit.Op{Doing: "case", ID: id}, stored.SelectCase+stored.ByID, []any{id}, r.Scan); err != nil {
			return 0, 0, err
		}
		if err := t.indexCase(ctx, &r); err != nil {
			return 0, 0, err
		}
	}
	entries, err := t.entries(ctx, id, selectAllNewer, id, seq, limit)
	if err != nil || len(entries) == 0 {
		return seq, 0, err
	}
	all, err := t.entries(ctx, id, selectAllEdits, id)
	if err != nil {
		return 0, 0, err
	}
	changes := map[int64][]desk.Correspondence{}
	for _, c := range all {
		changes[c.Refers] = append(changes[c.Refers], c)
	}
	policy, err := deletions(ctx, t, desk.CaseID(id))
	if err != nil {
		return 0, 0, err
	}
	for i := range entries {
		err := t.fillEntry(ctx, &entries[i], changes[entries[i].Seq], policy)
		if err != nil {
			return 0, 0, err
		}
	}
	return entries[len(entries)-1].Seq, int64(len(entries)), nil
}

func (t *tx) fillEntry(ctx context.Context, e *desk.Correspondence, changes []desk.Correspondence, policy desk.DeletionPolicy) error {
	switch {
	case e.Kind == desk.KindEdit || e.Kind == desk.KindDeletion:
		return nil // with what it changes
	case len(changes) > 0:
		return t.indexChanged(ctx, *e, changes, policy)
	}
	d, ok := docOf(e)
	if !ok {
		return nil
	}
	return t.put(ctx, d)
}

func (t *tx) entries(ctx context.Context, id, text string, args ...any) (entries []desk.Correspondence, err error) {
	err = t.query(ctx, commit.Op{Doing: "log of", ID: id}, text, args, func(r commit.Row) error {
		e, err := stored.ScanEntry(r)
		entries = append(entries, e)
		return err
	})
	return entries, err
}

// Scour has some more of the index forget for good what was erased, and reports
// whether there is more to forget. Called again after a crash it goes on where
// it was. PostgreSQL does that by itself when it vacuums.
func (s *Store) Scour(ctx context.Context) (more bool, err error) {
	if s.index.Postgres {
		return false, nil
	}
	err = s.db.Read(ctx, func(c commit.Session) error {
		more, err = search.Erased(ctx, c)
		return err
	})
	if err != nil || !more {
		return false, err
	}
	var done bool
	err = s.Update(ctx, func(of store.Tx) error {
		more, done, err = search.Scour(ctx, of.(*tx).session) // unreachable otherwise: Update gives nothing else
		return err
	})
	if err == nil && done {
		s.db.Scrub()
	}
	return more, err
}
