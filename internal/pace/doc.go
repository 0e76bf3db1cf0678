// Package pace answers one question: when may the next call go?
//
// It is the generic cell rate algorithm (GCRA): a limit needs one stored
// number per bucket, the instant at which the bucket would be back to full,
// as integer UTC microseconds. There is no timer, no goroutine and no state
// here. A caller reads the stored instants, asks, and stores the new ones in
// the transaction in which it claims the work, so a limit holds across
// restarts and across processes that share a database.
//
// Invariants:
//
//   - In any stretch of time t, a bucket lets through at most
//     Burst + t/Every calls.
//   - A refused call changes nothing and is told how long to wait; asking
//     again after exactly that wait succeeds if nobody else took the place.
//   - A call that needs several buckets takes from all of them or from none.
//
// In the route of an agent's reply, the outbox asks pace before it claims the
// head of a lane, and holds a bucket when Slack answers with Retry-After. The
// package knows Slack's methods by name (see [Slack]) and nothing of cases.
package pace
