package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Turn of fate is what somebody did, in Slack, to a channel in which chats
// may take place: in it as a whole, or in threads of it.
type Turn struct {
	Place  desk.Place // the channel
	Fate   desk.Fate
	By     desk.Actor // the system when Slack does not say
	Name   string     // desk.FateRenamed: what it is called now
	At     time.Time  // when it happened
	Origin desk.Origin
}

// Befall does what a turn of fate means for the chats at a place: they end
// when we can no longer speak there, and those who asked for them are told.
func (s *Service) Befall(ctx context.Context, tx store.Tx, t Turn) error {
	tx = auditlog.Witness(tx, t.Place)
	ids, err := tx.LiveAt(ctx, t.Place)
	if err != nil {
		return err
	}
	own, err := tx.LockCaseAt(ctx, t.Place)
	switch {
	case errors.Is(err, desk.ErrNotFound):
	case err != nil:
		return err
	case own.Place == t.Place && !slices.Contains(ids, own.ID), t.Fate == desk.FateBack:
		ids = append(ids, own.ID)
	}
	slices.Sort(ids)
	for _, id := range ids {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		if err := s.befall(ctx, tx, &c, t); err != nil {
			return fmt.Errorf("case %s: its place was %s: %w", id, t.Fate, err)
		}
	}
	return nil
}

func (s *Service) befall(ctx context.Context, tx store.Tx, c *desk.Case, t Turn) error {
	now := s.now()
	if t.Fate == desk.FateBack {
		if !c.RegainPlace(t.Place, now) {
			return nil
		}
		if err := steps.RefreshCard(ctx, tx, c); err != nil {
			return err
		}
		return tx.SaveCase(ctx, c)
	}
	if c.Place == "" {
		return nil // we know, or the case's chats were elsewhere already
	}
	origin := t.Origin + desk.Origin(":"+c.ID)
	if seen, err := tx.Seen(ctx, origin); seen || err != nil {
		return err
	}
	switch t.Fate {
	case desk.FatePublic:
		entry := c.MadePublic(t.By, origin, now)
		if err := steps.NoteActor(ctx, tx, t.By); err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		if err := steps.Enqueue(ctx, tx, c, steps.Notice(c, entry)); err != nil {
			return err
		}
	case desk.FateRenamed:
		if c.Place != t.Place {
			return nil // it is in a thread there
		}
		c.ChatName = t.Name
		c.Touch(now)
	default:
		if t.At.Before(c.Chat.RequestedAt) {
			return nil // news of before this chat, told late or twice
		}
		return s.losePlace(ctx, tx, c, t.Fate.Ends(), t.By, origin)
	}
	return tx.SaveCase(ctx, c)
}

// losePlace ends the chat of a case whose place is no longer open to us. Where
// the chat was asked for, people are told, unless that is closed too.
func (s *Service) losePlace(ctx context.Context, tx store.Tx, c *desk.Case, why desk.EndReason, by desk.Actor, origin desk.Origin) error {
	if _, err := s.end(ctx, tx, c, by, why, origin); err != nil {
		return err
	}
	c.LosePlace(why, s.now())
	return tx.SaveCase(ctx, c)
}

// A CardGone says that somebody deleted a message of ours, which may have been
// a case's card.
type CardGone struct {
	Place  desk.Place // the channel
	Thread desk.Place // the thread that the message began
	TS     string     // the message
	By     desk.Actor
	At     time.Time
	Origin desk.Origin
}

// LoseCard posts and pins a new card for one that was deleted. A card that
// began a thread is the place itself, so its chat ends.
func (s *Service) LoseCard(ctx context.Context, tx store.Tx, g CardGone) error {
	err := s.Befall(ctx, tx, Turn{Place: g.Thread, Fate: desk.FateDeleted, By: g.By, At: g.At, Origin: g.Origin})
	if err != nil {
		return err
	}
	c, err := tx.LockCaseAt(ctx, g.Place)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil || c.Place != g.Place || c.Card != g.TS {
		return err
	}
	if err := repost(ctx, tx, &c); err != nil {
		return err
	}
	return tx.SaveCase(ctx, &c)
}

// repost queues a new card in the place of one that is gone or can no longer
// be changed. The caller saves the case.
func repost(ctx context.Context, tx store.Tx, c *desk.Case) error {
	c.Card = ""
	return steps.Enqueue(ctx, tx, c, desk.Delivery{Kind: desk.DeliverCard}, desk.Delivery{Kind: desk.DeliverPin})
}

// lostBy says, of a delivery to a case's own place that Slack refused for a
// reason, why that place is no longer open to us; "" when it is.
func lostBy(c *desk.Case, d desk.Delivery, reason string) desk.EndReason {
	if c.Place == "" || d.Place != c.Place {
		return ""
	}
	switch reason {
	case "is_archived":
		return desk.EndedArchived
	case "not_in_channel", "channel_not_found":
		// Of a private channel Slack says not_found to who is not in it.
		return desk.EndedRemoved
	case "thread_not_found", "cannot_reply_to_message":
		if c.PlaceKind == desk.PlaceThread {
			return desk.EndedDeleted
		}
	case "message_not_found":
		if c.PlaceKind == desk.PlaceThread && d.Kind == desk.DeliverCard {
			return desk.EndedDeleted
		}
	}
	return ""
}
