package recording

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Reaction is an emoji that somebody put on a message in Slack, or took away.
type Reaction struct {
	Place  desk.Place  // the channel; Slack does not say in which thread
	Of     desk.Origin // of the message, if a person wrote it
	Ts     string      // of the message, as Slack spells it
	By     desk.PersonID
	Emoji  string // its name, with its skin tone
	What   string // desk.ReactionAdded or desk.ReactionRemoved
	At     time.Time
	Origin desk.Origin
}

// React records a reaction to something that is recorded, if it was made while a
// chat ran there, whenever that is told. Doing so again changes nothing. It is
// ErrEarly where waiting may show what it is on.
func (s *Service) React(ctx context.Context, tx store.Tx, r Reaction) error {
	c, on, err := lockShown(ctx, tx, r)
	if errors.Is(err, desk.ErrNotFound) && s.now().Before(r.At.Add(reactionWaits)) {
		switch landing, err := landingAt(ctx, tx, r); {
		case err != nil:
			return err
		case landing:
			return ErrEarly
		}
		c, on, err = lockShown(ctx, tx, r) // it may have been settled in between
	}
	if errors.Is(err, desk.ErrNotFound) {
		return nil // nothing of ours
	}
	if err != nil {
		return err
	}
	at, err := placeOf(ctx, tx, &c, on)
	if err != nil {
		return err
	}
	chat, covered, err := covering(ctx, tx, &c, at, r.At)
	if err != nil || !covered {
		return err
	}
	if seen, err := tx.Seen(ctx, r.Origin); seen || err != nil {
		return err
	}
	entry := c.React(chat, on, r.By, r.What, r.Emoji, r.At, r.Origin, s.now())
	return s.mark(ctx, tx, &c, entry, r.By)
}

// ErrEarly says that something is about a message that may be one of ours:
// which one became of our words is not known yet, but will be.
var ErrEarly = errors.New("it is not known yet which message became of our words")

// How long what people do waits for that, from when they did it. Words hold up
// those that come after them, and can do without knowing what they answer.
const (
	reactionWaits = 24 * time.Hour
	replyWaits    = 10 * time.Second
)

// landingAt reports whether the message that a reaction is on may be words of
// ours, in its channel or in a thread there.
func landingAt(ctx context.Context, tx store.Tx, r Reaction) (bool, error) {
	c, err := tx.LockCaseAt(ctx, r.Place)
	if err == nil {
		return tx.Landing(ctx, c.ID)
	}
	if !errors.Is(err, desk.ErrNotFound) {
		return false, err
	}
	ids, err := threadsAt(ctx, tx, r)
	for _, id := range ids {
		if landing, err := tx.Landing(ctx, id); landing || err != nil {
			return landing, err
		}
	}
	return false, err
}

// lockShown locks the case of the entry that a reaction is on, and returns
// both.
func lockShown(ctx context.Context, tx store.Tx, r Reaction) (c desk.Case, on desk.Correspondence, err error) {
	on, err = tx.EntryFrom(ctx, r.Of)
	switch {
	case err == nil:
		c, err = tx.LockCase(ctx, on.Case)
		return c, on, err
	case !errors.Is(err, desk.ErrNotFound):
		return c, on, err
	}
	c, err = tx.LockCaseAt(ctx, r.Place)
	switch {
	case err == nil:
		on, err = tx.EntryShown(ctx, c.ID, r.Of, r.Ts)
		return c, on, err
	case !errors.Is(err, desk.ErrNotFound):
		return c, on, err
	}
	return lockThread(ctx, tx, r)
}

// placeOf is where an entry of a case stands in Slack: where its chat was, or
// where the case is.
func placeOf(ctx context.Context, tx store.Tx, c *desk.Case, e desk.Correspondence) (desk.Place, error) {
	switch e.Chat {
	case "":
		return c.Place, nil
	case c.Chat.ID:
		return c.Chat.Place, nil
	}
	chats, err := tx.Chats(ctx, c.ID)
	for _, chat := range chats {
		if chat.ID == e.Chat {
			return chat.Place, err
		}
	}
	return c.Place, err
}

// maxLate is how many chats that have ended in the threads of a channel since
// something was done there are looked through for it.
const maxLate = 100

// lockThread is lockShown for words of ours in a thread of the channel: which
// one it is only the words' own entry tells. The chat may have ended since.
func lockThread(ctx context.Context, tx store.Tx, r Reaction) (c desk.Case, on desk.Correspondence, err error) {
	ids, err := threadsAt(ctx, tx, r)
	if err != nil {
		return c, on, err
	}
	for _, id := range ids {
		on, err = tx.EntryShown(ctx, id, r.Of, r.Ts)
		switch {
		case err == nil:
			c, err = tx.LockCase(ctx, id)
			return c, on, err
		case !errors.Is(err, desk.ErrNotFound):
			return c, on, err
		}
	}
	return c, on, desk.ErrNotFound
}

// threadsAt are the cases whose chats run in threads of the channel, or have
// ended since the reaction.
func threadsAt(ctx context.Context, tx store.Tx, r Reaction) ([]desk.CaseID, error) {
	ids, err := tx.LiveAt(ctx, r.Place)
	if err != nil {
		return nil, err
	}
	ended, err := tx.EndedAt(ctx, r.Place, r.At, maxLate)
	return append(ids, ended...), err
}

// A Member is somebody who came to a channel or left it.
type Member struct {
	Place  desk.Place
	Who    desk.PersonID
	What   string // desk.MemberJoined or desk.MemberLeft
	At     time.Time
	Origin desk.Origin
}

// Move records who comes to a chat's channel or leaves it while the chat runs.
// Doing so again changes nothing.
func (s *Service) Move(ctx context.Context, tx store.Tx, m Member) error {
	c, err := tx.LockCaseAt(ctx, m.Place)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	chat, covered, err := covering(ctx, tx, &c, m.Place, m.At)
	if err != nil || !covered {
		return err
	}
	if seen, err := tx.Seen(ctx, m.Origin); seen || err != nil {
		return err
	}
	return s.mark(ctx, tx, &c, c.Move(chat, m.Who, m.What, m.At, m.Origin, s.now()), m.Who)
}

// mark appends an entry about something that by did.
func (s *Service) mark(ctx context.Context, tx store.Tx, c *desk.Case, entry desk.Correspondence, by desk.PersonID) error {
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	if err := steps.NotePeople(ctx, tx, by); err != nil {
		return err
	}
	if err := tx.SaveCase(ctx, c); err != nil {
		return fmt.Errorf("mark in case %s: %w", c.ID, err)
	}
	return nil
}
