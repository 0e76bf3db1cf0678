// Package sqlstore is the store contract on SQLite and on PostgreSQL.
//
// The statements are written once, in the part of SQL that both databases
// share; where they differ, a dialect holds both texts side by side. Times
// are integer UTC microseconds, 0 for the zero time. Lists inside a row are
// JSON.
//
// Updates that wait together share one commit: a writer takes all that wait,
// gives each its own savepoint, commits once and only then answers. SQLite
// has one writer connection, PostgreSQL a few, each of which pipelines what
// need not be answered at once. Reads go past the writers.
//
// Nothing else in the program sees a driver's error: here they become desk's
// kinds. What a commit touched is told to the watchers after it, and with
// PostgreSQL to the other nodes as well.
package sqlstore
