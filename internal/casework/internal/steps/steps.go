package steps

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// NotePeople has people looked up who are not known yet, so that they are shown by
// name.
func NotePeople(ctx context.Context, tx store.Tx, people ...desk.PersonID) error {
	for _, p := range people {
		if err := tx.NotePerson(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// NoteActor is NotePeople for whoever did something, if it was somebody in Slack.
func NoteActor(ctx context.Context, tx store.Tx, by desk.Actor) error {
	if by.Side != desk.SideCustomer {
		return nil
	}
	return NotePeople(ctx, tx, desk.PersonID(by.ID))
}

// Enqueue adds deliveries of c in their order.
func Enqueue(ctx context.Context, tx store.Tx, c *desk.Case, ds ...desk.Delivery) error {
	for i := range ds {
		d := &ds[i]
		d.Case, d.State, d.CreatedAt = c.ID, desk.DeliveryPending, c.ChangedAt
		if d.NotBefore.IsZero() {
			d.NotBefore = c.ChangedAt
		}
		if d.Lane == "" {
			d.Lane = desk.CaseLane(c.ID)
		}
		if err := tx.Enqueue(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// RefreshCard queues an update of the card, if it has been posted. A first
// card still waiting in the case's lane shows the state at the time it goes.
func RefreshCard(ctx context.Context, tx store.Tx, c *desk.Case) error {
	if c.Card == "" {
		return nil
	}
	return tx.EnqueueOnce(ctx, &desk.Delivery{
		Lane: desk.CardLane(c.ID), Case: c.ID, Kind: desk.DeliverCard, State: desk.DeliveryPending,
		CreatedAt: c.ChangedAt, NotBefore: c.ChangedAt,
	})
}

// Notice is the delivery of a line about entry e to the case's own place, or
// to the channel where it was opened when it has no place.
func Notice(c *desk.Case, e desk.Correspondence) desk.Delivery {
	d := desk.Delivery{Kind: desk.DeliverNotice, Seq: e.Seq, Content: desk.Content{What: e.What}}
	if !c.HasPlace() {
		d.Place = c.Asked
	}
	return d
}

// Asked is the delivery of a line about entry e to the channel where the case
// was opened. It is in the case's lane, behind what begins the thread there
// and what makes the case's own place, because a place that is that thread
// need not be told twice.
func Asked(c *desk.Case, e desk.Correspondence) desk.Delivery {
	return desk.Delivery{Kind: desk.DeliverNotice, Place: c.Asked, Seq: e.Seq, Content: desk.Content{What: e.What}}
}
