package casework

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

const (
	// catchUpMargin is how long before the time up to which everything was heard
	// the words that we lack may begin: events overtake one another.
	catchUpMargin = 5 * time.Minute
	// catchUpTogether is how many chats are looked at at the same time, each in an
	// update of its own: those that wait for the disk share its flush.
	catchUpTogether = 64
	// maxRunning is how many running chats of one agent are looked at.
	maxRunning = 1000
)

// CatchUp queues, for every chat whose recording window is open, the fetching
// of what was written while we could not hear it: because this server was
// down, or Slack out of reach. Call it when that is over: with the time up to
// which everything was heard or fetched, or, before anything new is heard, with
// the zero time, for then each chat's newest word tells.
func (s *Service) CatchUp(ctx context.Context, heard time.Time) error {
	running, err := s.running(ctx)
	if err != nil {
		return fmt.Errorf("catch up: %w", err)
	}
	var (
		looking sync.WaitGroup
		next    atomic.Int64
		failed  [catchUpTogether]error
	)
	for worker := range failed {
		looking.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(running)); i = next.Add(1) - 1 {
				if err := s.catchUp(ctx, running[i].Case, heard); err != nil {
					failed[worker] = errors.Join(failed[worker], fmt.Errorf("catch up with case %s: %w", running[i].Case, err))
				}
			}
		})
	}
	looking.Wait()
	return errors.Join(failed[:]...)
}

// running are the cases with a chat that is being recorded: agents are in it,
// or it waits for another one.
func (s *Service) running(ctx context.Context) ([]store.CaseHint, error) {
	agents, err := s.store.Agents(ctx)
	if err != nil {
		return nil, err
	}
	running, err := s.store.WaitingHints(ctx, maxRunning)
	if err != nil {
		return nil, err
	}
	for _, a := range agents {
		cases, err := s.store.ChatHintsOf(ctx, a.ID, maxRunning)
		if err != nil {
			return nil, err
		}
		running = append(running, cases...)
	}
	return running, nil
}

func (s *Service) catchUp(ctx context.Context, id desk.CaseID, heard time.Time) error {
	return s.store.Update(ctx, func(tx store.Tx) error { return s.catchUpIn(ctx, tx, id, heard) })
}

func (s *Service) catchUpIn(ctx context.Context, tx store.Tx, id desk.CaseID, heard time.Time) error {
	c, err := tx.LockCase(ctx, id)
	if err != nil || !c.Chat.Live() || c.Chat.JoinedAt.IsZero() {
		return err
	}
	return s.readUp(ctx, tx, &c, heard)
}

// readUp queues the reading of what was written in the latest chat of a case
// since heard, or if that is zero, since its newest word.
func (s *Service) readUp(ctx context.Context, tx store.Tx, c *desk.Case, heard time.Time) error {
	since := c.Chat.JoinedAt
	if heard.IsZero() {
		heard = c.Chat.LastWordAt
	}
	if t := heard.Add(-catchUpMargin); t.After(since) {
		since = t
	}
	now := s.now()
	return tx.EnqueueOnce(ctx, &desk.Delivery{
		Lane: desk.HistoryLane(c.ID), Case: c.ID, Kind: desk.DeliverCatchUp, Place: steps.WhereChat(c, c.Chat),
		Content: desk.Content{Chat: c.Chat.ID, Since: since}, State: desk.DeliveryPending, CreatedAt: now, NotBefore: now,
	})
}
