package search

import (
	"context"

	"caseline/internal/store/sqlstore/commit"
)

// A stretch is a run of documents by number: from floor on, and below below.
type stretch struct{ floor, below int64 }

// docs are the documents that match, newest first.
type docs interface {
	// next returns numbers of documents in a stretch, newest first, up to about
	// limit; all says that there are no more.
	next(ctx context.Context, s commit.Session, in stretch, limit int) (ids []int64, all bool, err error)
}

const selectLite = `SELECT rowid FROM search_words WHERE search_words MATCH $1 AND rowid < $2 AND rowid >= $3 ORDER BY rowid DESC LIMIT $4`

// liteDocs asks FTS5, which reads a word's documents newest first and no more of
// them than are asked for.
type liteDocs struct{ match string }

func (d liteDocs) next(ctx context.Context, s commit.Session, in stretch, limit int) ([]int64, bool, error) {
	ids, err := numbers(ctx, s, commit.Op{Doing: "search"}, selectLite, d.match, in.below, in.floor, int64(limit))
	return ids, len(ids) < limit, err
}

func numbers(ctx context.Context, s commit.Session, what commit.Op, text string, args ...any) (ids []int64, err error) {
	err = s.Query(ctx, what, text, args, func(r commit.Row) error {
		var id int64
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

const (
	// newest is how many of the newest documents PostgreSQL looks through one by
	// one before it asks the index.
	newest = 2000
	// most is how many documents it takes from the index at once.
	most = 5000

	newestFloor = `SELECT coalesce(min(id), 0) FROM
	(SELECT id FROM search_words WHERE id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3) AS newest`

	selectNewest = `SELECT id FROM search_words
	WHERE id < $2 AND id >= $3 AND words @@ $1::text::tsquery AND ($4 OR NOT inside) ORDER BY id DESC LIMIT $5`

	selectIndexed = `WITH matching AS MATERIALIZED
	(SELECT id FROM search_words WHERE words @@ $1::text::tsquery AND id < $2 AND id >= $3 AND ($4 OR NOT inside))
	SELECT id FROM matching ORDER BY id DESC LIMIT $5`
)

// postgresDocs looks through the newest documents first: a common word is found
// there, and to sort all that a GIN index knows of it would take long. What is
// too rare for that is asked of the index, which then has little to sort.
// Statements are planned for the words in them.
type postgresDocs struct {
	match  string
	inside bool
	looked bool // through the newest
}

func (d *postgresDocs) next(ctx context.Context, s commit.Session, in stretch, limit int) ([]int64, bool, error) {
	what := commit.Op{Doing: "search", Anew: true}
	if d.looked {
		limit = max(limit, most)
		ids, err := numbers(ctx, s, what, selectIndexed, d.match, in.below, in.floor, d.inside, int64(limit))
		return ids, len(ids) < limit, err
	}
	d.looked = true
	floor, err := numbers(ctx, s, what, newestFloor, in.below, in.floor, int64(newest))
	if err != nil || floor[0] == 0 {
		return nil, true, err
	}
	near, err := numbers(ctx, s, what, selectNewest, d.match, in.below, floor[0], d.inside, int64(limit))
	if err != nil || len(near) == limit {
		return near, false, err
	}
	far, err := numbers(ctx, s, what, selectIndexed, d.match, floor[0], in.floor, d.inside, int64(most))
	return append(near, far...), len(far) < most, err
}
