package search

import (
	"context"

	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/terms"
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
	// one before it asks the index; farthest is how many at once.
	newest, farthest = 2000, 16_000
	// most is how many documents it takes from the index at once.
	most = 5000

	newestFloor = `SELECT count(*), coalesce(min(id), 0) FROM
	(SELECT id FROM search_words WHERE id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3) AS newest`

	// The limit keeps the planner from asking the index of words.
	selectNewest = `SELECT id FROM
	(SELECT id, words, inside FROM search_words WHERE id < $2 AND id >= $3 ORDER BY id DESC LIMIT $5) AS newest
	WHERE words @@ $1::text::tsquery AND ($4 OR NOT inside) ORDER BY id DESC`

	// Numbers outside, so that the planner asks no other.
	selectIndexed = `WITH matching AS MATERIALIZED
	(SELECT id FROM search_words WHERE words @@ $1::text::tsquery AND ($4 OR NOT inside))
	SELECT id FROM matching WHERE id < $2 AND id >= $3 ORDER BY id DESC LIMIT $5`
)

// postgresDocs looks through the newest documents first: a common word is found
// there, and to sort all that a GIN index knows of it would take long. What is
// too rare for that is asked of the index, which then has little to sort.
// Statements are planned for the words in them.
type postgresDocs struct {
	match  string
	inside bool
	span   int64 // how many documents are looked through next; 0 to ask the index
	// rare is of how many documents one must match for looking through more to
	// be cheaper than asking the index.
	rare int64
}

func newPostgresDocs(match string, inside bool, typed terms.Query) *postgresDocs {
	d := &postgresDocs{match: match, inside: inside, span: newest, rare: 100}
	for _, item := range typed.All {
		// The index does not know the places of words, and has to gather all that
		// begins so.
		if len(item.Words) > 1 || item.Prefix {
			d.rare = 400
		}
	}
	return d
}

func (d *postgresDocs) next(ctx context.Context, s commit.Session, in stretch, limit int) (ids []int64, all bool, err error) {
	what := commit.Op{Doing: "search", Anew: true}
	if d.span > 0 {
		var n, floor int64
		err := s.Query(ctx, what, newestFloor, []any{in.below, in.floor, d.span}, func(r commit.Row) error { return r.Scan(&n, &floor) })
		if err != nil || n == 0 {
			return nil, true, err
		}
		ids, err = numbers(ctx, s, what, selectNewest, d.match, in.below, floor, d.inside, d.span)
		if err != nil || n < d.span {
			return ids, true, err
		}
		if int64(len(ids)) >= d.span/d.rare {
			d.span = min(2*d.span, farthest)
			return ids, false, nil
		}
		d.span, in.below = 0, floor
	}
	limit = max(limit, most)
	more, err := numbers(ctx, s, what, selectIndexed, d.match, in.below, in.floor, d.inside, int64(limit))
	return append(ids, more...), len(more) < limit, err
}
