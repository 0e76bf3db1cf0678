package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// An Excerpt is what was read of Slack's history of a chat's place.
type Excerpt struct {
	Case     desk.CaseID
	Chat     desk.ChatID
	Messages []desk.Message
	Edits    []Revision     // that gave messages, those above or others, the words they have now
	Gone     []desk.Message // deleted in Slack; no more than Place, At and Origin are known
	Spoke    time.Time      // when the newest message was written, recorded by this or not; zero for none
}

// A Comparison is how an Excerpt stands to the record of its chat. What the
// recording window leaves out is not counted.
type Comparison struct {
	Slack   int // messages and files in Slack
	Case    int // of those, how many are on the case now
	Fetched int // of those on the case, how many were not before
	Gone    int // deleted in Slack before they reached us
}

// Backfill records what a chat's record lacks of an excerpt, messages and edits
// of messages, by the recording window as ever. Doing so again changes nothing.
func (s *Service) Backfill(ctx context.Context, e Excerpt) (found Comparison, err error) {
	heard, err := s.heardOf(ctx, e)
	if err != nil {
		return Comparison{}, fmt.Errorf("backfill chat %s of case %s: %w", e.Chat, e.Case, err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		found = Comparison{}
		fetched := map[desk.Origin]bool{}
		c, chat, err := lockChat(ctx, tx, e.Case, e.Chat)
		if err != nil {
			return err
		}
		for _, m := range e.Messages {
			if !chat.Covers(m.At) {
				continue
			}
			lacking, err := unseen(ctx, tx, m)
			if err != nil {
				return err
			}
			found.Slack, found.Fetched = found.Slack+items(m), found.Fetched+items(lacking)
			if items(lacking) == 0 {
				continue
			}
			fetched[m.Origin] = true
			if err := s.record(ctx, tx, &c, chat, here(lacking, whereChat(&c, chat))); err != nil {
				return err
			}
		}
		if chat.Covers(e.Spoke) && c.Hear(chat.ID, e.Spoke) {
			c.Touch(s.now())
			if err := tx.SaveCase(ctx, &c); err != nil {
				return err
			}
		}
		for _, edit := range e.Edits {
			if fetched[edit.Of] {
				continue // with the words that it has now
			}
			if err := s.editFound(ctx, tx, edit); err != nil {
				return err
			}
		}
		found.Case = found.Slack
		for _, m := range e.Gone {
			if chat.Covers(m.At) && !heard[m.Origin] {
				found.Gone++
			}
		}
		return nil
	})
	if err != nil {
		return Comparison{}, fmt.Errorf("backfill chat %s of case %s: %w", e.Chat, e.Case, err)
	}
	return found, nil
}

// editFound records an edit that was found in Slack's history, if no event has
// told of it and the message is not recorded with these words.
func (s *Service) editFound(ctx context.Context, tx store.Tx, edit Revision) error {
	old, err := tx.EntryFrom(ctx, edit.Of)
	switch {
	case errors.Is(err, desk.ErrNotFound):
		return nil
	case err != nil:
		return err
	case old.Text == edit.Text || old.Marked(desk.MarkErased):
		return nil
	}
	return s.revise(ctx, tx, desk.KindEdit, edit)
}

// here is m as it is recorded in the chat at a place: a reply in the thread
// that is the place is no reply to anything.
func here(m desk.Message, at desk.Place) desk.Message {
	m.Place, m.Thread = at, m.Thread && at != m.In
	return m
}

// items is how many entries record m.
func items(m desk.Message) int {
	n := len(m.Files)
	if m.Text != "" {
		n++
	}
	return n
}

// heardOf says of the messages that are gone which of them were recorded. One
// that was only files has no entry of its own, but theirs begin with its
// origin.
func (s *Service) heardOf(ctx context.Context, e Excerpt) (map[desk.Origin]bool, error) {
	heard := map[desk.Origin]bool{}
	for after := int64(0); len(e.Gone) > 0; {
		entries, err := s.store.Log(ctx, e.Case, after, logPage)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			for _, m := range e.Gone {
				if entry.Origin == m.Origin || strings.HasPrefix(string(entry.Origin), string(m.Origin)+":") {
					heard[m.Origin] = true
				}
			}
			after = entry.Seq
		}
		if len(entries) < logPage {
			break
		}
	}
	return heard, nil
}

// logPage is how many entries one read of a log takes in.
const logPage = 1000

// lockChat returns a locked case and one of its chats.
func lockChat(ctx context.Context, tx store.Tx, id desk.CaseID, chat desk.ChatID) (desk.Case, desk.ChatSession, error) {
	c, err := tx.LockCase(ctx, id)
	if err != nil || c.Chat.ID == chat {
		return c, c.Chat, err
	}
	chats, err := tx.Chats(ctx, id)
	if err != nil {
		return c, desk.ChatSession{}, err
	}
	for _, earlier := range chats {
		if earlier.ID == chat {
			return c, earlier, nil
		}
	}
	return c, desk.ChatSession{}, fmt.Errorf("chat %s: %w", chat, desk.ErrNotFound)
}

// saveChat saves a chat of c, which may not be its latest, and c.
func (s *Service) saveChat(ctx context.Context, tx store.Tx, c *desk.Case, chat desk.ChatSession) error {
	c.Touch(s.now())
	if c.Chat.ID == chat.ID {
		c.Chat = chat
	} else if err := tx.SaveEarlierChat(ctx, &chat); err != nil {
		return err
	}
	return tx.SaveCase(ctx, c)
}
