// Package inbox keeps what Slack tells us before it is believed, and applies
// it in order.
//
// [Inbox.Accept] stores an event durably; only then may Slack be told that we
// have it. When the event's lane is idle, the same commit applies it. When
// applying fails, the stored event commits alone and [Inbox.Run] tries again,
// later and later, until it succeeds, is refused by a rule, or has failed so
// often that it is put aside as dead. An event that comes too early, a [Later],
// waits as long as it is told to.
//
// Invariants:
//
//   - An event whose Accept returned without an error is stored, and its
//     effects and its being done are one commit: it is applied exactly once,
//     whatever crashes and however often Slack sends it.
//   - Events of one lane are applied in the order in which they were stored,
//     one at a time. An event that waits holds up its own lane and no other.
//   - An event that is given up lets its lane go on, stays in the database for
//     people to look at, and is counted.
//   - No log line holds what an event says.
//
// In the route of a Slack message the inbox stands between slack.Ingress,
// which checks the signature, and casework, which it reaches through [Apply].
package inbox
