package recording

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"caseline/internal/casework/internal/steps"
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
		c, chat, err := steps.LockChat(ctx, tx, e.Case, e.Chat)
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
			if err := s.record(ctx, tx, &c, chat, here(lacking, steps.WhereChat(&c, chat))); err != nil {
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

// Collect records, of an excerpt of Slack's history, what the requester wrote
// while waiting and has shared, marked and with its own times. What others
// wrote is not theirs to share. Doing so again changes nothing.
func (s *Service) Collect(ctx context.Context, e Excerpt) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, chat, err := steps.LockChat(ctx, tx, e.Case, e.Chat)
		if err != nil || chat.Waiting != desk.ConsentShared {
			return err
		}
		for _, m := range e.Messages {
			if m.Author != chat.Requester || !chat.Awaited(m.At) {
				continue
			}
			m = here(m, steps.WhereChat(&c, chat))
			m.Waiting = true
			if err := s.record(ctx, tx, &c, chat, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("collect what was written while waiting on case %s: %w", e.Case, err)
	}
	return nil
}
