package casework

import (
	"context"
	"fmt"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// offer is the delivery that asks the requester whether to share what they
// wrote while they waited for the agent who has just joined.
func offer(c *desk.Case) desk.Delivery {
	return aboutWaiting(c, desk.DeliverOffer)
}

// aboutWaiting is a delivery about words that were written while waiting.
func aboutWaiting(c *desk.Case, kind desk.DeliveryKind) desk.Delivery {
	place := steps.WhereChat(c, c.Chat)
	return desk.Delivery{
		Lane: desk.HintLane(place), Kind: kind, Place: place,
		Content: desk.Content{User: c.Chat.Requester, Chat: c.Chat.ID},
	}
}

// A Decision is what the requester says about the words they wrote while
// waiting.
type Decision struct {
	Case  desk.CaseID
	Chat  desk.ChatID
	By    desk.PersonID
	Share bool
}

// Decide takes the requester's decision. What they share is then read from
// Slack's history; nothing of it was kept before.
func (s *Service) Decide(ctx context.Context, d Decision) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, d.Case)
		if err != nil {
			return err
		}
		if err := c.Decide(d.Chat, d.By, d.Share, s.now()); err != nil {
			return err
		}
		did := desk.DidKeep
		if d.Share {
			did = desk.DidShare
		}
		err = tx.Audit(ctx, &desk.AuditEntry{
			At: s.now(), By: desk.ByCustomer(d.By), Via: desk.ViaSlack, Where: steps.WhereChat(&c, c.Chat), What: did, Account: c.Account, Case: c.ID,
			Detail: map[string]string{"number": string(c.Number), "chat": string(d.Chat)},
		})
		if err != nil {
			return err
		}
		if d.Share {
			if err := steps.Enqueue(ctx, tx, &c, aboutWaiting(&c, desk.DeliverCollect)); err != nil {
				return err
			}
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("decide on what was written while waiting on case %s: %w", d.Case, err)
	}
	return nil
}

// wasAsked notes that the requester was asked.
func wasAsked(c *desk.Case, d desk.Delivery) {
	if c.Chat.ID == d.Content.Chat && c.Chat.Waiting == "" {
		c.Chat.Waiting = desk.ConsentAsked
	}
}
