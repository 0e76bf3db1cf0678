package search

import (
	"context"

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
	// AskScour says that the index still has words that were erased.
	AskScour = `UPDATE search_scour SET step = 0`

	selectScour = `SELECT step FROM search_scour`
	noteScour   = `UPDATE search_scour SET step = $1`

	countChanges = `SELECT total_changes()`
)

// Scour has some more of the index on SQLite forget for good what was erased: FTS5
// only marks what is deleted, and what it merges has it no more.
// It reports whether there is more to forget, and whether this was the last.
func Scour(ctx context.Context, s commit.Session) (more, done bool, err error) {
	step, err := counted(ctx, s, selectScour)
	if err != nil || step == scoured {
		return false, false, err
	}
	next := scourMore
	switch step {
	case scourAsked:
		next = scourBegins // what asked for it may be in this very commit, whose deletions come at its end
	case scourBegins:
		_, err = merge(ctx, s, -scourBite)
	default:
		if more, err = merge(ctx, s, scourBite); !more {
			next = scoured
		}
	}
	if err != nil {
		return false, false, err
	}
	done = next == scoured
	return !done, done, s.Write(ctx, commit.Op{Doing: "scour the index"}, noteScour, []any{int64(next)}, nil)
}

// Erased reports whether the index still has words that were erased.
func Erased(ctx context.Context, s commit.Session) (bool, error) {
	step, err := counted(ctx, s, selectScour)
	return step != scoured, err
}

// merge merges up to some pages of the index and reports whether there were any.
func merge(ctx context.Context, s commit.Session, pages int64) (bool, error) {
	before, err := counted(ctx, s, countChanges)
	if err != nil {
		return false, err
	}
	if err := s.Write(ctx, commit.Op{Doing: "merge the index"}, mergeWords, []any{pages}, nil); err != nil {
		return false, err
	}
	after, err := counted(ctx, s, countChanges)
	return after-before >= 2, err // FTS5 counts the statement itself as one
}

// counted asks for one number.
func counted(ctx context.Context, s commit.Session, text string) (n int64, err error) {
	err = s.Query(ctx, commit.Op{Doing: "scour the index"}, text, nil, func(r commit.Row) error { return r.Scan(&n) })
	return n, err
}
