// Package reckoning keeps the facts of which reports are made.
//
// A [Keeper] follows what changes: it asks which cases have changed that their
// facts do not know of, reads what is new in each log, and saves what follows.
// The path of a message has nothing to do with it. Where facts are missing, after
// an upgrade or a time without the server, the same question finds the cases, and
// each log is read once.
//
// Invariants:
//
//   - Facts are what desk/report makes of a log, however often and in whichever
//     steps it was read. Saving them again changes nothing.
//   - Several nodes may keep the same facts: those that go further win.
package reckoning
