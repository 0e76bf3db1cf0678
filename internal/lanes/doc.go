// Package lanes works lanes when they are due: each one at a time, several at
// once, as many as allowed.
//
// A [Runner] knows lanes only by name and the time at which each is to be
// looked at. It learns them from [Runner.Wake] and from what the work says
// when it is done, keeps one timer for the soonest, and holds nothing for a
// lane that waits for nothing. It remembers no work: what there is to do is in
// the database, and a lane that was forgotten is found there again.
//
// Invariants:
//
//   - No lane is worked twice at the same time.
//   - A lane woken while it is being worked is worked once more after.
//   - Lanes that are due are worked in the order in which they became due, so
//     a long lane does not starve the others if its work ends now and then.
//
// It stands under the inbox and the outbox, which are the same machine in two
// directions, and knows nothing of the desk. [Backoff] and [Guard] are here
// for the same reason: how long to wait after a failure, and how to survive a
// panic, are no different for events and deliveries.
package lanes
