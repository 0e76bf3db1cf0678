package sqlstore

import (
	"context"

	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
)

// scourBite is how many pages of the index are merged at once: what comes in
// meanwhile waits so long.
const scourBite = 64

// How far the scouring has come.
const (
	scoured     = -1
	scourAsked  = 0
	scourBegins = 1
	scourMore   = 2
)

const (
	// beginScour says that the index still has words that were erased.
	beginScour = `UPDATE search_scour SET step = 0`

	selectScour = `SELECT step FROM search_scour`
	noteScour   = `UPDATE search_scour SET step = $1`

	// FTS5 only marks what is deleted; what it merges has it no more. A negative
	// number begins to merge all of the index.
	mergeWords = `INSERT INTO search_words (search_words, rank) VALUES ('merge', $1)`

	countChanges = `SELECT total_changes()`
)

// Scour has some more of the index forget for good what was erased, and reports
// whether there is more to forget. Called again after a crash it goes on where
// it was. PostgreSQL does that by itself when it vacuums.
func (s *Store) Scour(ctx context.Context) (more bool, err error) {
	if s.index.Postgres {
		return false, nil
	}
	err = s.Update(ctx, func(of store.Tx) error {
		t := of.(*tx) // unreachable otherwise: Update gives nothing else
		step, err := t.number(ctx, selectScour)
		if more = step != scoured; err != nil || !more {
			return err
		}
		next := scourMore
		switch {
		case step == scourAsked:
			next = scourBegins // what asked for it may be in this very commit, whose deletions come at its end
		case step == scourBegins:
			_, err = t.merge(ctx, -scourBite)
		default:
			if more, err = t.merge(ctx, scourBite); !more {
				next = scoured
			}
		}
		if err != nil {
			return err
		}
		return t.write(ctx, commit.Op{Doing: "scour the index"}, noteScour, nil, int64(next))
	})
	if err == nil && !more {
		s.db.Scrub()
	}
	return more, err
}

// merge merges up to some pages of the index and reports whether there were any.
func (t *tx) merge(ctx context.Context, pages int64) (bool, error) {
	before, err := t.number(ctx, countChanges)
	if err != nil {
		return false, err
	}
	if err := t.write(ctx, commit.Op{Doing: "merge the index"}, mergeWords, nil, pages); err != nil {
		return false, err
	}
	after, err := t.number(ctx, countChanges)
	return after-before >= 2, err // FTS5 counts the statement itself as one
}

// number asks for one.
func (t *tx) number(ctx context.Context, text string) (n int64, err error) {
	err = t.query(ctx, commit.Op{Doing: "scour the index"}, text, nil, func(r commit.Row) error { return r.Scan(&n) })
	return n, err
}
