package recording

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"caseline/internal/casework/erasure"
	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Record adds a customer's message to the case whose chat lives at its place,
// if a chat of that case covers the time it was written; otherwise nothing of
// it is kept. Recording the same Origin again changes nothing. It is ErrEarly for
// a moment where waiting may show what it answers.
func (s *Service) Record(ctx context.Context, tx store.Tx, m desk.Message) error {
	c, at, err := lockWhere(ctx, tx, m.Place, m.In)
	if errors.Is(err, desk.ErrNotFound) {
		return nil // people talk in channels that are none of our business
	}
	if err != nil {
		return err
	}
	m = here(m, at)
	chat, covered, err := covering(ctx, tx, &c, at, m.At)
	if err != nil {
		return err
	}
	if !covered {
		return s.hint(ctx, tx, &c, m)
	}
	if err := s.early(ctx, tx, &c, m); err != nil {
		return err
	}
	if err := s.record(ctx, tx, &c, chat, m); err != nil {
		return fmt.Errorf("record in case %s: %w", c.ID, err)
	}
	return nil
}

// early returns ErrEarly for a reply that has just been written in the thread of
// a message that may be ours.
func (s *Service) early(ctx context.Context, tx store.Tx, c *desk.Case, m desk.Message) error {
	if !m.Thread || !s.now().Before(m.At.Add(replyWaits)) {
		return nil
	}
	if landing, err := tx.Landing(ctx, c.ID); !landing || err != nil {
		return err
	}
	root, err := rootOf(ctx, tx, c, m)
	if root == 0 && err == nil {
		return ErrEarly
	}
	return err
}

// lockWhere locks the case whose chats are in the thread that somebody wrote in
// or else in its channel, and returns which it is. What is in no thread, as
// nearly everything in a chat's channel, takes one look.
func lockWhere(ctx context.Context, tx store.Tx, channel, thread desk.Place) (desk.Case, desk.Place, error) {
	if thread != "" {
		c, err := tx.LockCaseAt(ctx, thread)
		if !errors.Is(err, desk.ErrNotFound) {
			return c, thread, err
		}
	}
	c, err := tx.LockCaseAt(ctx, channel)
	return c, channel, err
}

func (s *Service) record(ctx context.Context, tx store.Tx, c *desk.Case, chat desk.ChatSession, m desk.Message) error {
	appended, err := s.appendMessage(ctx, tx, c, chat, m)
	if err != nil {
		return err
	}
	if m.Called != "" { // which may not have come with it the first time, from a history
		if err := tx.CallPerson(ctx, m.Author, m.Called); err != nil {
			return err
		}
	}
	if !appended {
		return nil
	}
	if err := steps.NotePeople(ctx, tx, append(m.Names, m.Author)...); err != nil {
		return err
	}
	if err := recount(ctx, tx, c, chat); err != nil {
		return err
	}
	return tx.SaveCase(ctx, c)
}

// appendMessage appends a message to the log, but for what is there already.
func (s *Service) appendMessage(ctx context.Context, tx store.Tx, c *desk.Case, chat desk.ChatSession, m desk.Message) (appended bool, err error) {
	if m.Refers, err = rootOf(ctx, tx, c, m); err != nil {
		return false, err
	}
	if m.Text != "" && len(m.Files) == 0 {
		// What most messages are takes one statement.
		next := *c
		appended, err = tx.AppendOnce(ctx, &next.Record(chat, m, nil, s.now())[0])
		switch {
		case err != nil:
			return false, err
		case !appended:
			return s.appendFirst(ctx, tx, c, m)
		}
		*c = next
		return true, nil
	}
	whole := m
	if m, err = unseen(ctx, tx, m); err != nil {
		return false, err
	}
	if whole.Text != m.Text {
		if appended, err = s.appendFirst(ctx, tx, c, whole); err != nil {
			return false, err
		}
	}
	if m.Text == "" && len(m.Files) == 0 && !m.Blank {
		return appended, nil
	}
	ids := make([]desk.FileID, len(m.Files))
	for i := range ids {
		ids[i] = s.newFileID()
	}
	entries := c.Record(chat, m, ids, s.now())
	for i := range entries {
		if err := tx.AppendLog(ctx, &entries[i]); err != nil {
			return false, err
		}
	}
	for i, f := range m.Files {
		seq := entries[len(entries)-len(m.Files)+i].Seq
		if err := steps.Fetch(ctx, tx, c, ids[i], seq, f); err != nil {
			return false, err
		}
	}
	return true, nil
}

// recount counts again what a chat that has ended holds, because something
// written before its end arrived after it. The caller saves the case.
func recount(ctx context.Context, tx store.Tx, c *desk.Case, chat desk.ChatSession) (err error) {
	if chat.State != desk.ChatEnded {
		return nil
	}
	counted := chat
	counted.Messages, counted.Files, err = tx.CountChat(ctx, c.ID, chat.ID)
	switch {
	case err != nil:
		return err
	case chat.ID != c.Chat.ID:
		return tx.SaveEarlierChat(ctx, &counted)
	}
	c.Chat.Messages, c.Chat.Files = counted.Messages, counted.Files
	return steps.RefreshCard(ctx, tx, c)
}

// unseen returns m without the parts that are already in the log.
func unseen(ctx context.Context, tx store.Tx, m desk.Message) (desk.Message, error) {
	if m.Text != "" || m.Blank {
		seen, err := tx.Seen(ctx, m.Origin)
		if err != nil {
			return m, err
		}
		if seen {
			m.Text, m.Blank = "", false
		}
	}
	var files []desk.NewFile
	for _, f := range m.Files {
		seen, err := tx.Seen(ctx, f.Origin)
		if err != nil {
			return m, err
		}
		if !seen {
			files = append(files, f)
		} else if err := erasure.ForgetAgain(ctx, tx, m, f.Origin); err != nil {
			return m, err
		}
	}
	m.Files = files
	return m, nil
}

// appendFirst adds the words that m had at first to an entry that was made
// without them, because an edit came before them.
func (s *Service) appendFirst(ctx context.Context, tx store.Tx, c *desk.Case, m desk.Message) (appended bool, err error) {
	old, err := tx.EntryFrom(ctx, m.Origin)
	if err == nil && old.Marked(desk.MarkErased) {
		return false, erasure.ForgetAgain(ctx, tx, m, m.Origin)
	}
	if err != nil || old.Text != "" || old.Case != c.ID || old.Kind != desk.KindMessage {
		return false, err
	}
	origin := m.Origin + ":first"
	if seen, err := tx.Seen(ctx, origin); seen || err != nil {
		return false, err
	}
	entry := c.Revise(old, desk.KindEdit, m.Author, m.Text, m.At, origin, s.now())
	return true, tx.AppendLog(ctx, &entry)
}

// rootOf is the entry that a reply in a Slack thread answers, 0 if that is not
// recorded.
func rootOf(ctx context.Context, tx store.Tx, c *desk.Case, m desk.Message) (seq int64, err error) {
	if !m.Thread {
		return 0, nil
	}
	root, err := shownAt(ctx, tx, c.ID, m.Root, tsOf(m.Root))
	if errors.Is(err, desk.ErrNotFound) {
		return 0, nil
	}
	return root.Seq, err
}

// shownAt returns the entry of a case that Slack shows at ts: the words with
// the origin, or else a file of theirs, or what we posted there.
func shownAt(ctx context.Context, tx store.Tx, id desk.CaseID, origin desk.Origin, ts string) (desk.Correspondence, error) {
	e, err := tx.EntryFrom(ctx, origin)
	if errors.Is(err, desk.ErrNotFound) {
		return tx.EntryShown(ctx, id, origin, ts)
	}
	if err == nil && e.Case != id {
		return desk.Correspondence{}, desk.ErrNotFound
	}
	return e, err
}

// covering finds the chat of c at a place in whose recording window t lies. It
// is nearly always the latest; a late event may belong to an earlier one, and
// what is written where the case was before it moved belongs to none of now.
func covering(ctx context.Context, tx store.Tx, c *desk.Case, at desk.Place, t time.Time) (desk.ChatSession, bool, error) {
	if c.Chat.Place == at && c.Chat.Covers(t) {
		return c.Chat, true, nil
	}
	if c.Place == at && !t.Before(c.Chat.RequestedAt) {
		return desk.ChatSession{}, false, nil
	}
	chats, err := tx.Chats(ctx, c.ID)
	if err != nil {
		return desk.ChatSession{}, false, err
	}
	for _, chat := range chats {
		if chat.Place == at && chat.Covers(t) {
			return chat, true, nil
		}
	}
	return desk.ChatSession{}, false, nil
}

// hint tells everybody who writes after the end, privately and once, that
// nothing is recorded any more.
func (s *Service) hint(ctx context.Context, tx store.Tx, c *desk.Case, m desk.Message) error {
	told := c.Chat.Hinted
	switch {
	case c.Chat.State != desk.ChatEnded || c.Chat.Place != m.Place || !m.At.After(c.Chat.EndedAt):
		return nil
	case slices.Contains(told, m.Author) || len(told) >= desk.MaxHinted:
		return nil
	}
	c.Chat.Hinted = append(slices.Clip(told), m.Author)
	c.Touch(s.now())
	if err := steps.Enqueue(ctx, tx, c, desk.Delivery{
		Lane: desk.HintLane(m.Place), Kind: desk.DeliverEphemeral, Place: m.Place,
		Content: desk.Content{User: m.Author, What: string(desk.EventEnded)},
	}); err != nil {
		return err
	}
	return tx.SaveCase(ctx, c)
}

// tsOf is how Slack spells the message with an origin.
func tsOf(o desk.Origin) string { return string(o[strings.LastIndexByte(string(o), ':')+1:]) }
