package casework

import (
	"context"
	"fmt"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Reply is an agent's words for the customer.
type Reply struct {
	Case   desk.CaseID
	Agent  desk.Agent
	Text   string // Markdown
	Origin desk.Origin
}

// Reply adds an agent's reply to the case log and queues its delivery to the
// customer. Calling it again with the same Origin changes nothing.
func (s *Service) Reply(ctx context.Context, r Reply) error {
	now := s.now()
	err := s.prompt(ctx, desk.CaseLane(r.Case), func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, r.Case)
		if err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, r.Origin); seen || err != nil {
			return err
		}
		entry, err := c.Reply(desk.ByAgent(r.Agent), r.Text, r.Origin, now)
		if err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		if err := steps.Enqueue(ctx, tx, &c, desk.Delivery{Kind: desk.DeliverReply, Seq: entry.Seq}); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("reply to case %s: %w", r.Case, err)
	}
	return nil
}

// SetPresence records whether an agent takes chats.
func (s *Service) SetPresence(ctx context.Context, id desk.AgentID, p desk.Presence) error {
	if p != desk.Online && p != desk.Away {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "presence", Message: "Choose online or away."}
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		agent, err := tx.LockAgent(ctx, id)
		if err != nil || agent.Presence == p {
			return err
		}
		agent.Presence = p
		return tx.SaveAgent(ctx, &agent)
	})
	if err != nil {
		return fmt.Errorf("set presence of agent %s: %w", id, err)
	}
	return nil
}
