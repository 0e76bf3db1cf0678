// Package search is the index of cases' words under sqlstore: FTS5 on SQLite, a
// tsvector with a GIN index on PostgreSQL. Both are given the words of package
// terms and nothing else, so both find the same.
//
// Each entry of a log that people may find is one document, and so is each case
// itself, by its subject and description. A document's number is made of its
// case's number in order of opening and of the entry's Seq: so documents come
// newest case first from either index without sorting, those of one case stand
// together, and a page goes on below the last case of the page before.
//
// The work of one search is bounded. Documents are read newest first, and what
// answers better comes first only among the newest cases that answer at all: to
// rank all that a common word is in would take half a second at a million.
package search
