package casework

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/store"
)

// StillHere is a customer's answer to the question whether they are still
// there.
type StillHere struct {
	Target
	Chat desk.ChatID // that they were asked about
}

// StillHere keeps a quiet chat running. changed is false when nobody asked, or
// somebody has answered.
func (s *Service) StillHere(ctx context.Context, w StillHere) (c desk.Case, changed bool, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if c, err = lock(ctx, tx, w.Target); err != nil {
			return err
		}
		if c.Chat.State != desk.ChatInProgress || c.Chat.ID != w.Chat {
			return &desk.Refusal{Kind: desk.ErrConflict, Message: "That chat is not running any more."}
		}
		if changed = c.StillHere(s.now()); !changed {
			return nil
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return desk.Case{}, false, fmt.Errorf("keep chat of case %s: %w", c.ID, err)
	}
	return c, changed, nil
}

// MindIdle has Slack's history of a running chat's place read when no customer
// has said a word for long enough. What became of that decides: see judgeIdle.
// Until then, and so while Slack cannot be reached, the chat goes on.
func (s *Service) MindIdle(ctx context.Context, id desk.CaseID) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil || !s.idles(&c, s.now()) {
			return err
		}
		return s.readUp(ctx, tx, &c, time.Time{})
	})
	if err != nil {
		return fmt.Errorf("mind the idle chat of case %s: %w", id, err)
	}
	return nil
}

// idles reports whether a case's chat was idle at a time, for all we know.
// Where it has no place yet, nobody can write.
func (s *Service) idles(c *desk.Case, at time.Time) bool {
	return steps.WhereChat(c, c.Chat) != "" && (c.Chat.Prompts(s.patience, at) || c.Chat.Expires(s.patience, at))
}

// maxReading is how old a reading that says nobody has written may be.
const maxReading = 15 * time.Minute

// judgeIdle asks the customers of a running chat whether they are still there,
// or ends it, when they have said nothing for long enough: by what events told,
// and by Slack's history as d read it. One that Slack does not let us read says
// no more than the events. The caller saves the case.
func (s *Service) judgeIdle(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery) error {
	now, read := s.now(), d.TriedAt
	if d.Part > 0 {
		read = d.CreatedAt // its first page was read at some time after
	}
	if d.Content.Chat != c.Chat.ID || now.Sub(read) > maxReading || !s.idles(c, read) {
		return nil
	}
	if c.Chat.Expires(s.patience, read) {
		_, err := s.end(ctx, tx, c, desk.BySystem(), desk.EndedIdle, upkeepOrigin(c, "idle"))
		return err
	}
	entry := c.Prompt(upkeepOrigin(c, "prompt"), now)
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	return steps.Enqueue(ctx, tx, c, steps.Notice(c, entry))
}

// MindAgent notes whether the console of a running chat's agent is away, and
// after a while brings the chat back to the front of the queue. Nothing of it
// is lost: what is written meanwhile is recorded. since is since when the
// server has served, so that the agent could be seen.
func (s *Service) MindAgent(ctx context.Context, id desk.CaseID, since time.Time) error {
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil || c.Chat.State != desk.ChatInProgress {
			return err
		}
		agent, err := tx.LockAgent(ctx, c.Chat.Agent)
		if err != nil {
			return err
		}
		sight := desk.Sight{Seen: agent.SeenAt, Since: since}
		if c.Chat.Misses(s.patience, sight, now) {
			origin := upkeepOrigin(&c, "gone")
			return s.told(ctx, tx, &c, c.Return(origin, now))
		}
		if !c.SeeAgent(sight, now) {
			return nil
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("mind the agent of case %s: %w", id, err)
	}
	return nil
}

// TakeBack takes a running chat from an agent who may not answer customers any
// more: the next agent in it goes on, or else it is back at the front of the queue.
// Of one who may, or who is not in the chat, it changes nothing.
func (s *Service) TakeBack(ctx context.Context, id desk.CaseID, from desk.AgentID) error {
	_, err := s.chatStep(ctx, id, func(tx store.Tx, c *desk.Case) (entry desk.Correspondence, changed bool, err error) {
		if !c.Chat.Has(from) {
			return entry, false, nil
		}
		agent, err := tx.LockAgent(ctx, from)
		if err != nil || rights.May(agent, rights.Answer) {
			return entry, false, err
		}
		origin := upkeepOrigin(c, "barred:"+string(from))
		if c.Chat.Agent != from {
			return c.Leave(desk.ByAgent(agent), origin, s.now())
		}
		return c.Return(origin, s.now()), true, nil
	})
	if err != nil {
		return fmt.Errorf("take back the chat of case %s: %w", id, err)
	}
	return nil
}

// upkeepOrigin is the origin of what happens by itself: once for each turn of
// a chat and each stretch of silence in it.
func upkeepOrigin(c *desk.Case, what string) desk.Origin {
	return desk.Origin(fmt.Sprintf("upkeep:%s:%s:%d:%d", c.Chat.ID, what, c.Chat.Since().UnixMicro(), c.Chat.LastWordAt.UnixMicro()))
}

// KeepDiscarded notes that bytes which were discarded are removed, or are to
// stay because a file has them.
func (s *Service) KeepDiscarded(ctx context.Context, hash string) error {
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.KeepDiscarded(ctx, hash) }); err != nil {
		return fmt.Errorf("keep %s discarded: %w", hash, err)
	}
	return nil
}
