package outbox

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/pace"
	"caseline/internal/store"
)

// A Sender knows how to say a delivery to Slack. A delivery whose State is
// unknown is one whose next try is a Look; its TriedAt is when the try began
// that is to be looked for. A Sender heeds its context, and what it has not
// heard of is Unknown, never Retry.
type Sender interface {
	// Budget names the pace buckets that the next try of d draws from. It is
	// called inside a transaction: no I/O.
	Budget(d desk.Delivery) []pace.Bucket
	// Send tries d once and says what it came to. It sends one part of a
	// delivery at the most.
	Send(ctx context.Context, d desk.Delivery) desk.Verdict
	// Look settles a try whose outcome is unknown by looking whether it
	// landed: Sent when it did, Retry when it did not and no longer can,
	// Unknown (with a time) when it cannot be told yet.
	Look(ctx context.Context, d desk.Delivery) desk.Verdict
}

// Settled records what a try of d came to, in the update that settles it and
// before that happens. d is as it was tried. It locks the case first, if it
// locks anything, and holds nothing but calls on tx and pure code.
type Settled func(ctx context.Context, tx store.Tx, d desk.Delivery, v desk.Verdict) error
