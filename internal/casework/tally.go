package casework

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// tally queues the comparison of Slack's history with the record of a chat
// that has ended, whose transcript is entry seq. It waits a while for events
// that are late.
func (s *Service) tally(ctx context.Context, tx store.Tx, c *desk.Case, chat *desk.ChatSession, seq int64, after time.Duration) error {
	chat.Tally = desk.Tally{State: desk.TallyDue}
	return steps.Enqueue(ctx, tx, c, desk.Delivery{
		Lane: desk.HistoryLane(c.ID), Kind: desk.DeliverTally, Seq: seq, Place: steps.WhereChat(c, *chat),
		Content: desk.Content{Chat: chat.ID}, NotBefore: s.now().Add(after),
	})
}

// A Tallied says how the history of a chat compares with its record.
type Tallied struct {
	Case  desk.CaseID
	Chat  desk.ChatID
	Tally desk.Tally
}

// Tallied writes the comparison down, with how much of the record is no longer in
// Slack.
func (s *Service) Tallied(ctx context.Context, t Tallied) error {
	var err error
	if t.Tally.Deleted, err = s.deletedIn(ctx, t.Case, t.Chat); err != nil {
		return fmt.Errorf("tally chat %s of case %s: %w", t.Chat, t.Case, err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		c, chat, err := steps.LockChat(ctx, tx, t.Case, t.Chat)
		if err != nil || chat.Tally == t.Tally {
			return err
		}
		chat.Tally = t.Tally
		return steps.SaveChat(ctx, tx, &c, chat, s.now())
	})
	if err != nil {
		return fmt.Errorf("tally chat %s of case %s: %w", t.Chat, t.Case, err)
	}
	return nil
}

// logPage is how many entries one read of a log takes in.
const logPage = 1000

// deletedIn counts the messages and files of customers that are on record of a
// chat and were deleted in Slack.
func (s *Service) deletedIn(ctx context.Context, id desk.CaseID, chat desk.ChatID) (int, error) {
	theirs, deleted := map[int64]bool{}, map[int64]bool{}
	for after := int64(0); ; {
		entries, err := s.store.Log(ctx, id, after, logPage)
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			after = e.Seq
			switch {
			case e.Chat != chat:
			case e.Kind == desk.KindDeletion && theirs[e.Refers]:
				deleted[e.Refers] = true
			case e.Kind == desk.KindMessage, e.Kind == desk.KindFile:
				theirs[e.Seq] = e.Author.Side == desk.SideCustomer
			}
		}
		if len(entries) < logPage {
			return len(deleted), nil
		}
	}
}

// tallyFailed notes that the history could not be read, and why.
func tallyFailed(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery, why string) error {
	failed := desk.Tally{State: desk.TallyFailed, Note: why}
	if c.Chat.ID == d.Content.Chat {
		c.Chat.Tally = failed
		return nil
	}
	chats, err := tx.Chats(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		if chat.ID == d.Content.Chat {
			chat.Tally = failed
			return tx.SaveEarlierChat(ctx, &chat)
		}
	}
	return nil // unreachable: chats are never deleted
}

// TallyAgain compares once more, because an agent asks for it; transcript is
// the entry of the chat that is meant. While a comparison is on its way
// nothing changes.
func (s *Service) TallyAgain(ctx context.Context, id desk.CaseID, transcript int64) error {
	entry, err := s.store.Entry(ctx, id, transcript)
	if err == nil && entry.Kind != desk.KindTranscript {
		err = &desk.Refusal{Kind: desk.ErrInvalid, Message: "This is no transcript. Reload the page and try again."}
	}
	if err != nil {
		return fmt.Errorf("tally case %s again: %w", id, err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		c, chat, err := steps.LockChat(ctx, tx, id, entry.Chat)
		if err != nil || chat.Tally.State == desk.TallyDue {
			return err
		}
		if err := s.tally(ctx, tx, &c, &chat, transcript, 0); err != nil {
			return err
		}
		return steps.SaveChat(ctx, tx, &c, chat, s.now())
	})
	if err != nil {
		return fmt.Errorf("tally chat %s of case %s again: %w", entry.Chat, id, err)
	}
	return nil
}
