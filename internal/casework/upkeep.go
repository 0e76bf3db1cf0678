package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// StillHere is a customer's answer to the question whether they are still
// there.
type StillHere struct {
	Target
	Chat desk.ChatID // that they were asked about
	By   desk.PersonID
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

// upkeepOrigin is the origin of what happens by itself: once for each turn of
// a chat and each stretch of silence in it.
func upkeepOrigin(c *desk.Case, what string) desk.Origin {
	return desk.Origin(fmt.Sprintf("upkeep:%s:%s:%d:%d", c.Chat.ID, what, c.Chat.Since().UnixMicro(), c.Chat.LastWordAt.UnixMicro()))
}

// SeeAgent notes that an agent's console is connected. Within desk.SeenEvery
// it writes once.
func (s *Service) SeeAgent(ctx context.Context, id desk.AgentID) error {
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SeeAgent(ctx, id, s.now()) }); err != nil {
		return fmt.Errorf("see agent %s: %w", id, err)
	}
	return nil
}

// recentWaits is how many waits say how long one usually waits.
const recentWaits = 20

// A queue is how the queue looked when somebody came to it. It may be behind
// by the time it is told, so it is not relied on.
type queue struct {
	waiting []desk.Case
	usual   time.Duration
}

func (s *Service) queue(ctx context.Context) (q queue, err error) {
	if q.waiting, err = s.store.Waiting(ctx, desk.Queued); err != nil {
		return q, err
	}
	waits, err := s.store.RecentWaits(ctx, recentWaits)
	q.usual = desk.UsualWait(waits)
	return q, err
}

// tell has the card of a case that has just come to the queue say its turn.
func (q queue) tell(c *desk.Case, now time.Time) {
	ahead := slices.IndexFunc(q.waiting, func(other desk.Case) bool { return other.ID != c.ID && c.Before(&other) })
	if ahead < 0 {
		ahead = len(q.waiting)
	}
	if ahead < desk.Queued {
		c.TellTurn(ahead+1, q.usual, now)
	}
}

// TellTurns has the cards of waiting chats say their turns where those have
// changed. It updates one case at a time.
func (s *Service) TellTurns(ctx context.Context) error {
	q, err := s.queue(ctx)
	if err != nil {
		return fmt.Errorf("read the queue: %w", err)
	}
	for i, c := range q.waiting {
		if !c.TellTurn(i+1, q.usual, s.now()) {
			continue
		}
		if err := s.tellTurn(ctx, c.ID, i+1, q.usual); err != nil {
			return fmt.Errorf("tell case %s its turn: %w", c.ID, err)
		}
	}
	return nil
}

func (s *Service) tellTurn(ctx context.Context, id desk.CaseID, position int, usual time.Duration) error {
	return s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil || !c.TellTurn(position, usual, s.now()) {
			return err
		}
		if err := steps.RefreshCard(ctx, tx, &c); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
}

// KeepDiscarded notes that bytes which were discarded are removed, or are to
// stay because a file has them.
func (s *Service) KeepDiscarded(ctx context.Context, hash string) error {
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.KeepDiscarded(ctx, hash) }); err != nil {
		return fmt.Errorf("keep %s discarded: %w", hash, err)
	}
	return nil
}
