package search

import (
	"context"

	"caseline/internal/store/sqlstore/commit"
)

// The tables of the index of words, as migrations make them.
const (
	Lite = `CREATE VIRTUAL TABLE search_words USING fts5
    (words, inside, account, content='', contentless_delete=1, prefix='3 4', tokenize='ascii')`

	Postgres = `CREATE TABLE search_words (
    id     BIGINT   NOT NULL PRIMARY KEY,
    inside BOOLEAN  NOT NULL,
    words  TSVECTOR NOT NULL
);
CREATE INDEX search_words_found ON search_words USING gin (words) WITH (gin_pending_list_limit = 512)`
)

// Tune sets how the index is kept, on SQLite. Each commit adds a segment; at
// eight of a size, instead of four, they are merged, bit by bit: that halves what
// writing costs, and what is asked looks into some more of them.
func Tune(ctx context.Context, s commit.Session) error {
	return s.Write(ctx, commit.Op{Doing: "tune the index of words"}, "INSERT INTO search_words (search_words, rank) VALUES ('automerge', 8)", nil, nil)
}
