// Package traces finds words anywhere in a database, for tests that show that
// what was erased is nowhere: in the rows of every table, and with SQLite in
// the bytes of its files.
package traces
