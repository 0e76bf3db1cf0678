package search

import (
	"context"

	"caseline/internal/store/sqlstore/commit"
)

// Each commit adds a segment to FTS5's index, and segments are merged lest a search
// looks into many. Left to itself FTS5 does that in pieces of some hundred pages, for
// which all who write wait: 20 to 45 ms, ten times a second while a large segment
// is merged. So it is told not to, and a Merging does it in pieces of a few
// milliseconds.
const (
	// automerge off; eight segments are merged into one, which halves what writing
	// costs beside four; a level of 64 is merged at once, should Merging be too slow.
	tune = `INSERT INTO search_words (search_words, rank) VALUES ('automerge', 0), ('usermerge', 8), ('crisismerge', 64)`

	// mergeWords merges up to so many pages, where there are enough segments. A
	// negative number begins to merge all of the index.
	mergeWords = `INSERT INTO search_words (search_words, rank) VALUES ('merge', $1)`
)

const (
	// perCommit and docsPerPage are how many pages are to be merged for what a commit
	// adds: some three for its segment, and one for so many documents. What is
	// written once is merged about once a level.
	perCommit   = 3
	docsPerPage = 4
	// mergeBite is how many pages are merged at once, at least: one that is full of rare
	// words takes half a millisecond, and each piece has an end to write of every segment
	// that it merges.
	mergeBite = 12
)

// Tune sets how the index is kept, on SQLite.
func Tune(ctx context.Context, s commit.Session) error {
	return s.Write(ctx, commit.Op{Doing: "tune the index of words"}, tune, nil, nil)
}

// A Merging merges some of the index on SQLite with each commit, as much as commits
// add to it. The zero Merging is ready. It is used by one goroutine.
type Merging struct{ owed int64 } // pages

// Added merges for a commit that added documents.
func (m *Merging) Added(ctx context.Context, s commit.Session, docs int) error {
	m.owed += perCommit + int64(docs)/docsPerPage
	if m.owed < mergeBite {
		return nil
	}
	pages := m.owed
	m.owed = 0
	return s.Write(ctx, commit.Op{Doing: "merge the index"}, mergeWords, []any{pages}, nil)
}
