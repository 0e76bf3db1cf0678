// Package outbox makes true in Slack what deliveries say, in the order of
// their lanes.
//
// A lane's head is claimed in one update, together with its place in the pace
// buckets it draws from; sent outside of any update, under a deadline; and
// settled in another update with what the try came to. The same update claims
// what follows in the lane, so that a lane at work costs one commit a
// delivery. Words that somebody waits for are claimed by the commit that queues
// them, if their lane is idle: [Outbox.Update].
//
// Invariants:
//
//   - A delivery lands exactly once, as long as its [Sender] tells the truth.
//     A try that may have landed makes the delivery unknown: it is looked for,
//     and sent again only when Look says that it did not land and no longer
//     can. A claim that ran out, because its holder crashed, is such a try.
//   - A lane's deliveries land in order. What waits, for whatever reason,
//     holds up its own lane and no other. Nothing is dropped because it was
//     tried too often.
//   - Only the holder of the claim's token settles, so whoever comes late
//     changes nothing.
//   - A claim outlives the try's deadline, so nobody looks for what may still
//     be on its way.
//   - No call leaves without its place in every bucket of its budget, and
//     these places survive a restart.
//   - At rest there is one timer, for the soonest lane, and nothing for each
//     delivery.
//
// In the route of an agent's reply the outbox stands between casework, which
// queues deliveries and hears of their settling through [Settled], and
// send.Sender, which knows how to say a delivery to Slack.
package outbox
