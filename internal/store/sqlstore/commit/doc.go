// Package commit runs updates so that those that wait together share one
// commit, on SQLite and on PostgreSQL. It knows statements and transactions,
// not what they are about; sqlstore, above it, knows that.
//
// Updates wait in a Queue's order for a writer. A writer begins a transaction,
// runs whatever waits, commits once and only then answers. SQLite has one
// writer, on one connection. PostgreSQL has a few, and in each the updates
// run at the same time: when all of them wait for an answer, their questions
// go to the database in one round.
//
// An update that fails leaves nothing and harms nobody else, and an update
// may therefore run more than once: its function holds nothing but calls on
// its Session and pure code.
package commit
