package casework

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/casework/dispatch"
	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/desk/rights"
	"caseline/internal/store"
)

// Join is an agent's wish to join a waiting chat, or with Also a chat that
// another agent is in.
type Join struct {
	Case   desk.CaseID
	Agent  desk.Agent
	Also   bool
	Offer  time.Time // when the chat was offered to the agent, if they accept an offer
	Ask    bool      // refuse with a question what is more than the agent takes on
	Origin desk.Origin
}

// Join brings the agent into the chat and opens the recording window. The
// same agent joining twice changes nothing; a second agent is refused with
// the name of the first, unless they join besides. An offer that has ended brings
// nobody in.
func (s *Service) Join(ctx context.Context, j Join) (desk.Case, error) {
	c, err := s.chatStep(ctx, j.Case, func(tx store.Tx, c *desk.Case) (desk.Correspondence, bool, error) {
		if j.Also {
			return c.JoinAlso(desk.ByAgent(j.Agent), j.Origin, s.now())
		}
		stood, now := c.Chat, s.now()
		if err := dispatch.MayTake(ctx, tx, c, dispatch.Take{Agent: j.Agent.ID, Offer: j.Offer, Ask: j.Ask}); err != nil {
			return desk.Correspondence{}, false, err
		}
		entry, changed, err := c.Join(desk.ByAgent(j.Agent), j.Origin, now)
		if err != nil || !changed {
			return entry, changed, err
		}
		err = steps.OfferEnded(ctx, tx, stood, report.JoinedBy(stood, j.Agent.ID), now)
		if err == nil && entry.Text != desk.JoinedAgain && steps.WhereChat(c, c.Chat) != "" && c.Chat.Waiting == "" {
			err = steps.Enqueue(ctx, tx, c, offer(c))
		}
		return entry, changed, err
	})
	if err != nil {
		return desk.Case{}, fmt.Errorf("join chat of case %s: %w", j.Case, err)
	}
	return c, nil
}

// Leave is an agent's wish to leave a chat in which another one stays.
type Leave struct {
	Case   desk.CaseID
	Agent  desk.Agent
	Origin desk.Origin
}

// Leave takes the agent out of the chat. When they are not in it, nothing
// changes.
func (s *Service) Leave(ctx context.Context, l Leave) (desk.Case, error) {
	c, err := s.chatStep(ctx, l.Case, func(_ store.Tx, c *desk.Case) (desk.Correspondence, bool, error) {
		return c.Leave(desk.ByAgent(l.Agent), l.Origin, s.now())
	})
	if err != nil {
		return desk.Case{}, fmt.Errorf("leave chat of case %s: %w", l.Case, err)
	}
	return c, nil
}

// HandOver is somebody's wish to give a running chat to another agent, or to
// the queue when To is empty.
type HandOver struct {
	Case   desk.CaseID
	Seen   Seen
	By     desk.Agent
	To     desk.AgentID
	Origin desk.Origin
}

// HandOver gives the chat to another agent, who then is its agent, or back to
// the front of the queue. What is written meanwhile is recorded.
func (s *Service) HandOver(ctx context.Context, h HandOver) (desk.Case, error) {
	var to desk.Actor
	if h.To != "" {
		agent, err := s.store.Agent(ctx, h.To)
		if err != nil {
			return desk.Case{}, fmt.Errorf("hand over chat of case %s: %w", h.Case, err)
		}
		if agent.Disabled {
			return desk.Case{}, &desk.Refusal{Kind: desk.ErrConflict, Message: agent.Name + " does not work here any more. Choose somebody else."}
		}
		if !rights.May(agent, rights.Answer) {
			return desk.Case{}, &desk.Refusal{Kind: desk.ErrConflict, Message: agent.Name + " does not answer customers. Choose somebody else."}
		}
		to = desk.ByAgent(agent)
	}
	c, err := s.chatStep(ctx, h.Case, func(_ store.Tx, c *desk.Case) (desk.Correspondence, bool, error) {
		if err := h.Seen.Holds(c); err != nil {
			return desk.Correspondence{}, false, err
		}
		return c.HandOver(desk.ByAgent(h.By), to, h.Origin, s.now())
	})
	if err != nil {
		return desk.Case{}, fmt.Errorf("hand over chat of case %s: %w", h.Case, err)
	}
	return c, nil
}

// A step changes a locked case and returns the entry that tells it.
type step func(tx store.Tx, c *desk.Case) (entry desk.Correspondence, changed bool, err error)

// chatStep takes one step in the life of a case: its entry is logged, the
// place is told, and the card shows it.
func (s *Service) chatStep(ctx context.Context, id desk.CaseID, take step) (c desk.Case, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if c, err = tx.LockCase(ctx, id); err != nil {
			return err
		}
		entry, changed, err := take(tx, &c)
		if err != nil || !changed {
			return err
		}
		return s.told(ctx, tx, &c, entry)
	})
	return c, err
}

// told logs an entry about a case, tells the place, has the card show it and
// saves the case.
func (s *Service) told(ctx context.Context, tx store.Tx, c *desk.Case, entry desk.Correspondence) error {
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, c, entry, ""); err != nil {
		return err
	}
	if err := steps.RefreshCard(ctx, tx, c); err != nil {
		return err
	}
	return tx.SaveCase(ctx, c)
}
