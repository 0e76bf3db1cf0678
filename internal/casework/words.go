package casework

import (
	"context"
	"fmt"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/carried"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

// Words names an agent's message, and what its author wants of it.
type Words struct {
	Case   desk.CaseID
	Seq    int64 // of the message
	Agent  desk.Agent
	Text   string // Amend: the new words, in Markdown
	Origin desk.Origin
}

// Amend gives a message of an agent new words and queues changing it in Slack,
// behind the message itself should that not be there yet. The first words stay
// on record. Calling it again with the same Origin, or with the words that the
// message has, changes nothing.
func (s *Service) Amend(ctx context.Context, w Words) error {
	return s.rewrite(ctx, w, "amend", desk.DeliverEdit,
		func(c *desk.Case, old desk.Correspondence, changes []desk.Correspondence) (desk.Correspondence, bool, error) {
			return c.Amend(desk.ByAgent(w.Agent), old, changes, w.Text, w.Origin, s.now())
		})
}

// Withdraw deletes a message of an agent and queues removing it in Slack. The
// words stay on record. Calling it again changes nothing.
func (s *Service) Withdraw(ctx context.Context, w Words) error {
	return s.rewrite(ctx, w, "withdraw", desk.DeliverRemove,
		func(c *desk.Case, old desk.Correspondence, changes []desk.Correspondence) (desk.Correspondence, bool, error) {
			return c.Withdraw(desk.ByAgent(w.Agent), old, changes, w.Origin, s.now())
		})
}

type rule func(c *desk.Case, old desk.Correspondence, changes []desk.Correspondence) (entry desk.Correspondence, changed bool, err error)

func (s *Service) rewrite(ctx context.Context, w Words, doing string, kind desk.DeliveryKind, rule rule) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, w.Case)
		if err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, w.Origin); seen || err != nil {
			return err
		}
		old, err := tx.Entry(ctx, c.ID, w.Seq)
		if err != nil {
			return err
		}
		changes, err := tx.Changes(ctx, c.ID, w.Seq)
		if err != nil {
			return err
		}
		entry, changed, err := rule(&c, old, changes)
		if err != nil || !changed {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		// It is about messages in the chat's place, should the case move on
		// before it is sent.
		if err := steps.Enqueue(ctx, tx, &c, desk.Delivery{Kind: kind, Seq: entry.Seq, Place: c.Chat.Place}); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("%s entry %d of case %s: %w", doing, w.Seq, w.Case, err)
	}
	return nil
}

// RetryWords tries again to bring into Slack what was refused of an agent's
// message: its words, or the last change of them. While that is on its way, or
// when it has arrived, nothing changes.
func (s *Service) RetryWords(ctx context.Context, w Words) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, w.Case)
		if err != nil {
			return err
		}
		message, err := tx.Entry(ctx, c.ID, w.Seq)
		if err != nil {
			return err
		}
		changes, err := tx.Changes(ctx, c.ID, w.Seq)
		if err != nil {
			return err
		}
		all, err := tx.DeliveriesOf(ctx, c.ID, w.Seq-1)
		if err != nil {
			return err
		}
		again, ok := c.Retry(carried.By(w.Seq, changes, all))
		if !ok {
			return nil
		}
		if err := c.MayAmend(desk.ByAgent(w.Agent), message); err != nil {
			return err
		}
		c.Touch(s.now())
		if err := steps.Enqueue(ctx, tx, &c, again); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("retry entry %d of case %s: %w", w.Seq, w.Case, err)
	}
	return nil
}

// unchanged queues what follows in the place when Slack keeps a message as it
// is that an agent has changed or deleted.
func unchanged(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery) error {
	follows := desk.Delivery{Kind: desk.DeliverReply, Seq: d.Seq, Place: d.Place, Content: desk.Content{What: desk.Corrected}}
	if d.Kind == desk.DeliverRemove {
		follows.Kind, follows.Content.What = desk.DeliverNotice, desk.Withdrawn
	}
	return steps.Enqueue(ctx, tx, c, follows)
}

// A Note is an agent's words to colleagues.
type Note struct {
	Case   desk.CaseID
	Agent  desk.Agent
	Text   string         // Markdown
	Named  []desk.AgentID // colleagues who are to read it
	Origin desk.Origin

	Whisper bool // of a lead, to the agents of the running chat
}

// Note adds a note to the case log. It never leaves: nothing is queued for it,
// whatever becomes of the case. Calling it again with the same Origin changes
// nothing.
func (s *Service) Note(ctx context.Context, n Note) error {
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, n.Case)
		if err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, n.Origin); seen || err != nil {
			return err
		}
		entry, err := c.Note(desk.ByAgent(n.Agent), n.Text, n.Origin, now)
		if err != nil {
			return err
		}
		if n.Whisper {
			if entry.What = desk.MarkWhisper; c.Chat.State != desk.ChatInProgress {
				return &desk.Refusal{Kind: desk.ErrConflict, Message: "No agent is in this chat any more, so nobody heard your whisper. Write a note instead."}
			}
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		for _, a := range n.Named {
			if a == n.Agent.ID {
				continue
			}
			if err := tx.SaveMention(ctx, &personal.Mention{Agent: a, Case: c.ID, Seq: entry.Seq}); err != nil {
				return err
			}
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("note on case %s: %w", n.Case, err)
	}
	return nil
}
