// Package store is the storage contract: what both databases must do.
//
// A Store runs updates and answers reads. An update is one transaction, seen
// through a Tx; the function given to Update may run twice, so it holds
// nothing but calls on its Tx and pure code. Updates that arrive together may
// share one commit, each in its own savepoint and each answered only after
// the commit.
//
// Lock order, for every update: the event being applied, then the case, then
// an agent, then the case's deliveries, then pace buckets, then the record of an
// erasure or an export. An update locks one
// case; where something befalls a channel with several chats, theirs by id. One
// that locks the setup locks nothing else.
//
// After a commit the store gives hints of what changed. A hint may be lost;
// whoever needs to know also looks at intervals.
//
// The suite in storetest says in tests what this package says in words;
// sqlstore passes it on SQLite and PostgreSQL.
package store
