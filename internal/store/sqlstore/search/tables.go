package search

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
