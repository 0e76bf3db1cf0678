// Package storetest says in tests what package store says in words, and opens
// stores for the tests of other packages.
//
// Run is the conformance suite. It has three parts: basics, what is written
// can be read; transactions, what an update promises; contention, what many
// updates at once may not break.
//
// SQLite and Postgres open an empty store that is closed with the test; Each
// runs a test on both. PostgreSQL is used when CASELINE_TEST_POSTGRES names a
// server on which databases may be created; otherwise the test is skipped,
// or failed when CASELINE_FORBID_SKIP is 1.
package storetest
