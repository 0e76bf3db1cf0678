package mailing

import (
	"context"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// A Teller queues mail. The zero Teller queues none.
type Teller struct {
	On bool
	// After is how long a mail waits before it goes, so that words that are late
	// are in it, those that their authors take back at once are not, and people
	// are known by name.
	After time.Duration
}

// Tell queues telling of entry e of c by mail, if that is news. The case is
// locked.
func (t Teller) Tell(ctx context.Context, tx store.Tx, c *desk.Case, e desk.Correspondence) error {
	if !t.On || len(c.CC) == 0 || !served.News(c, e) {
		return nil
	}
	known, err := tx.Subscriptions(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, address := range c.CC {
		if !Of(known, address).Left.IsZero() {
			continue
		}
		if err := enqueue(ctx, tx, c, address, e.Seq, c.ChangedAt.Add(t.After)); err != nil {
			return err
		}
	}
	return nil
}

// enqueue queues a mail about an entry.
func enqueue(ctx context.Context, tx store.Tx, c *desk.Case, address string, seq int64, at time.Time) error {
	return tx.Enqueue(ctx, &desk.Delivery{
		Lane: desk.MailLane(c.ID, address), Case: c.ID, Kind: desk.DeliverMail, Seq: seq, State: desk.DeliveryPending,
		Content: desk.Content{To: address}, CreatedAt: c.ChangedAt, NotBefore: at,
	})
}

// Of is how an address stands, of those that are known.
func Of(known []desk.Subscription, address string) desk.Subscription {
	i := slices.IndexFunc(known, func(s desk.Subscription) bool { return s.Address == address })
	if i < 0 {
		return desk.Subscription{Address: address}
	}
	return known[i]
}
