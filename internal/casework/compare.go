package casework

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Compare queues, for every chat whose recording window is open and whose turn
// comes from the time from until the time until, which is left out, the
// comparison of its record with Slack's history: an event may be lost without
// anybody's knowing. Each chat has one turn in each stretch of every, at a time
// of its own, so that they spread over it. A chat whose history is being read, or
// waits for it, is left out.
func (s *Service) Compare(ctx context.Context, every time.Duration, from, until time.Time) error {
	running, err := s.running(ctx)
	if err != nil {
		return fmt.Errorf("compare running chats: %w", err)
	}
	for _, r := range running {
		if !turn(r.Case, every, from).Before(until) {
			continue
		}
		if e := s.store.Update(ctx, func(tx store.Tx) error { return s.compareIn(ctx, tx, r.Case) }); e != nil {
			err = errors.Join(err, fmt.Errorf("compare the chat of case %s: %w", r.Case, e))
		}
	}
	return err
}

// turn is the next time at or after from that is a case's.
func turn(id desk.CaseID, every time.Duration, from time.Time) time.Time {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // never fails
	slot := int64(h.Sum64()>>1) % every.Microseconds()
	wait := (slot - from.UnixMicro()) % every.Microseconds()
	if wait < 0 {
		wait += every.Microseconds()
	}
	return from.Add(time.Duration(wait) * time.Microsecond)
}

func (s *Service) compareIn(ctx context.Context, tx store.Tx, id desk.CaseID) error {
	c, err := tx.LockCase(ctx, id)
	if err != nil || !c.Chat.Live() || c.Chat.JoinedAt.IsZero() {
		return err
	}
	lane := desk.CompareLane(c.ID)
	for _, reads := range []desk.Lane{desk.HistoryLane(c.ID), lane} {
		if _, _, err := tx.Head(ctx, reads); err == nil || !errors.Is(err, desk.ErrNotFound) {
			return err // it is to be read already
		}
	}
	if c.Chat.ComparedBy != 0 {
		// One row a chat, not one for each few minutes of it.
		if err := tx.Forget(ctx, c.Chat.ComparedBy); err != nil {
			return err
		}
	}
	now := s.now()
	return tx.EnqueueOnce(ctx, &desk.Delivery{
		Lane: lane, Case: c.ID, Kind: desk.DeliverCatchUp, Place: steps.WhereChat(&c, c.Chat),
		Content: desk.Content{Chat: c.Chat.ID, What: desk.Comparing}, State: desk.DeliveryPending, CreatedAt: now, NotBefore: now,
	})
}

// ComparesFrom is from where on a running chat is to be compared with Slack's
// history: from a little before it last was.
func ComparesFrom(chat desk.ChatSession) time.Time {
	if t := chat.ComparedAt.Add(-catchUpMargin); t.After(chat.JoinedAt) {
		return t
	}
	return chat.JoinedAt
}

// compared notes that a running chat was compared by d. The caller saves the
// case.
func compared(c *desk.Case, d desk.Delivery) {
	if d.Content.What != desk.Comparing || d.Content.Chat != c.Chat.ID {
		return
	}
	c.Chat.ComparedAt, c.Chat.ComparedBy = d.CreatedAt, d.ID // it was read at some time after
	if d.Part == 0 {
		c.Chat.ComparedAt = d.TriedAt
	}
}
