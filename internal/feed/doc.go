// Package feed tells whoever watches that something changed, and never what.
//
// A [Feed] follows the store: the hints of committed updates at once, and
// store.ChangedCases at intervals for what no hint told of. It keeps one
// short journal for everybody, in which each case stands once, at its latest
// change. A [Subscription] is a position in that journal and nothing else, so
// one that reads slowly holds up nobody and keeps nothing alive.
//
// Invariants:
//
//   - A subscriber hears of every change committed after it subscribed, or is
//     told to reload.
//   - It hears of a case at most once a call, however often the case changed.
//   - What it hears is a case's id and how far the case has come: nothing to
//     leak, and nothing to reorder.
//   - The journal is bounded. Who falls so far behind that it no longer
//     reaches back is told to reload.
//
// In both routes of a message the feed comes last: it stands between the
// store and the console's streams.
package feed
