package casework

import (
	"cmp"
	"context"
	"slices"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// makes are the deliveries that make the place of a chat just asked for: a
// channel with its people, the pinned card and a link to it, or a thread that
// begins with the card. entry is of the request.
func makes(c *desk.Case, r Request, entry desk.Correspondence) []desk.Delivery {
	from := cmp.Or(r.From, c.Asked)
	place := desk.Delivery{Kind: desk.DeliverPlace, Place: from, Content: desk.Content{What: string(c.PlaceKind)}}
	if c.PlaceKind == desk.PlaceThread {
		if c.Thread == "" || from != c.Asked {
			return []desk.Delivery{place} // the new card says the rest
		}
		return []desk.Delivery{place, steps.Notice(c, entry)}
	}
	people := append([]desk.PersonID{r.By, c.Requester}, c.Members...)
	slices.Sort(people)
	return []desk.Delivery{
		place,
		{Kind: desk.DeliverCard},
		{Kind: desk.DeliverInvite, Content: desk.Content{Users: slices.Compact(people)}},
		{Kind: desk.DeliverPin},
		{Kind: desk.DeliverLink, Place: c.Asked, Seq: entry.Seq},
		{Kind: desk.DeliverTopic},
	}
}

// leave tells the place that a case had until now where its chat goes on, once
// that is known.
func (s *Service) leave(ctx context.Context, tx store.Tx, c *desk.Case, left desk.Place, card string, r Request) error {
	moved := c.Moved(r.By, r.Origin+":moved", s.now())
	if err := tx.AppendLog(ctx, &moved); err != nil {
		return err
	}
	away := steps.Notice(c, moved)
	away.Place = left
	ds := []desk.Delivery{away}
	if card != "" {
		ds = append(ds, desk.Delivery{
			Kind: desk.DeliverCard, Place: left, Content: desk.Content{What: desk.CardLeft, Text: card},
		})
	}
	return steps.Enqueue(ctx, tx, c, ds...)
}

// placed takes in where the case's chats are from now on. A channel that Slack
// would not make has become a thread, which is told why.
func placed(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery, v desk.Verdict) error {
	c.Settle(desk.Place(v.Receipt), v.Name, v.Root)
	if v.Root == "" {
		return nil
	}
	if d.Place == c.Asked {
		c.Thread = v.Root // where this channel hears of the case
	}
	if d.Content.What == string(desk.PlaceChannel) {
		if err := steps.Enqueue(ctx, tx, c, desk.Delivery{
			Kind: desk.DeliverNotice, Content: desk.Content{What: desk.NoChannel, Text: v.Reason},
		}); err != nil {
			return err
		}
	}
	if v.Shown != c.CardState() {
		return steps.RefreshCard(ctx, tx, c)
	}
	return nil
}
