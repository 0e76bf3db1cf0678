package casework

import (
	"cmp"
	"context"
	"fmt"

	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/internal/steps"
	"caseline/internal/casework/news"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Settled carries what became of a delivery back into its case: the place
// that was made, the card that was posted, the file that could not be
// fetched. The outbox calls it in the transaction that settles d.
func (s *Service) Settled(ctx context.Context, tx store.Tx, d desk.Delivery, v desk.Verdict) error {
	if d.Case == "" {
		return nil
	}
	tx = auditlog.Witness(tx, d.Place)
	c, err := tx.LockCase(ctx, d.Case)
	if err != nil {
		return err
	}
	if d.Content.What != desk.Comparing {
		// Every settlement may show on a page, so the case counts as changed.
		c.Touch(s.now())
	}
	switch v.Kind {
	case desk.Sent:
		err = s.sent(ctx, tx, &c, d, v)
	case desk.Refused:
		err = s.refused(ctx, tx, &c, d, v)
	case desk.Retry, desk.Unknown:
	}
	if err != nil {
		return fmt.Errorf("settle %s of case %s: %w", d.Kind, c.ID, err)
	}
	return tx.SaveCase(ctx, &c)
}

func (s *Service) sent(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery, v desk.Verdict) error {
	switch d.Kind {
	case desk.DeliverPlace:
		return placed(ctx, tx, c, d, v)
	case desk.DeliverCard:
		if v.Receipt == "" {
			return nil // the card it was to change had been given up
		}
		c.Card = v.Receipt
		if v.Shown != c.CardState() {
			return steps.RefreshCard(ctx, tx, c) // it shows a state already past
		}
	case desk.DeliverLink, desk.DeliverNotice:
		if d.Place == c.Asked && (c.Thread == "" || v.Root != "") {
			c.Thread = cmp.Or(v.Root, v.Receipt) // what comes later goes below it
		}
	case desk.DeliverNews:
		if v.Root != "" {
			return news.Begun(ctx, tx, c, d.Place, v.Root)
		}
	case desk.DeliverOffer:
		if v.Receipt == desk.Offered {
			wasAsked(c, d)
		}
	case desk.DeliverUpload:
		return uploaded(ctx, tx, c, d, v.Receipt)
	case desk.DeliverCatchUp:
		if !v.More {
			compared(c, d)
			return s.judgeIdle(ctx, tx, c, d)
		}
	case desk.DeliverShare:
		if !v.More {
			return shown(ctx, tx, d.Content.File)
		}
	}
	return nil
}

func (s *Service) refused(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery, v desk.Verdict) error {
	if why := lostBy(c, d, v.Reason); why != "" {
		if err := s.losePlace(ctx, tx, c, why, desk.BySystem(), desk.Origin(fmt.Sprintf("delivery:%d", d.ID))); err != nil {
			return err
		}
	}
	switch d.Kind {
	case desk.DeliverPlace:
		// Without a place there is no chat: say so where it was asked for,
		// unless nobody waits for it any more.
		ended, err := s.end(ctx, tx, c, desk.BySystem(), desk.EndedNoPlace, desk.Origin(fmt.Sprintf("delivery:%d", d.ID)))
		if err != nil || !ended {
			c.NoPlace()
			return err
		}
		return steps.Enqueue(ctx, tx, c, desk.Delivery{
			Lane: desk.PlaceLane(c.Asked), Kind: desk.DeliverEphemeral, Place: c.Asked,
			Content: desk.Content{User: c.Chat.Requester, What: string(desk.EndedNoPlace), Text: v.Reason},
		})
	case desk.DeliverCard:
		if c.Card == "" || c.Place == "" || d.Content.What == desk.CardLeft {
			return nil
		}
		return repost(ctx, tx, c)
	case desk.DeliverCollect:
		return steps.Enqueue(ctx, tx, c, desk.Delivery{
			Lane: d.Lane, Kind: desk.DeliverEphemeral, Place: d.Place,
			Content: desk.Content{User: d.Content.User, What: string(desk.DeliverCollect), Text: v.Reason},
		})
	case desk.DeliverLink, desk.DeliverNotice:
		if d.Place == c.Asked {
			return news.NotTold(ctx, tx, c, d, v.Reason)
		}
	case desk.DeliverNews:
		return news.NotTold(ctx, tx, c, d, v.Reason)
	case desk.DeliverCatchUp:
		compared(c, d) // as far as Slack lets us
		return s.judgeIdle(ctx, tx, c, d)
	case desk.DeliverTally:
		return tallyFailed(ctx, tx, c, d, v.Reason)
	case desk.DeliverFetch:
		return fetchFailed(ctx, tx, c, d, v.Reason)
	case desk.DeliverEdit, desk.DeliverRemove:
		if v.Reason == desk.Unchangeable {
			return unchanged(ctx, tx, c, d)
		}
	case desk.DeliverUpload:
		return failFile(ctx, tx, d.Content.File, v.Reason)
	case desk.DeliverShare:
		if v.Reason == desk.NotShown {
			return notShown(ctx, tx, c, d)
		}
		return failFile(ctx, tx, d.Content.File, v.Reason)
	}
	return nil
}

// NamePerson stores what Slack says about somebody.
func (s *Service) NamePerson(ctx context.Context, p desk.Person) error {
	p.FetchedAt = s.now()
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SavePerson(ctx, &p) }); err != nil {
		return fmt.Errorf("name a person: %w", err)
	}
	return nil
}
