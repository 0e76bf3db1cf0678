package rating

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
)

// A Service takes ratings. It holds no state of its own.
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s.
func New(s store.Store, now func() time.Time) *Service { return &Service{store: s, now: now} }

// A Rate is what somebody says of a chat.
type Rate struct {
	Case   desk.CaseID
	Chat   desk.ChatID
	By     desk.PersonID
	Score  int
	Remark string // empty leaves an earlier one
}

// May refuses somebody who may not rate a chat.
func (s *Service) May(ctx context.Context, r Rate) error {
	_, err := s.chat(ctx, r)
	return err
}

// chat is the chat that somebody may rate.
func (s *Service) chat(ctx context.Context, r Rate) (chat desk.ChatSession, err error) {
	chats, err := s.store.Chats(ctx, r.Case)
	if err != nil {
		return chat, fmt.Errorf("rate chat %s: %w", r.Chat, err)
	}
	for _, chat = range chats {
		if chat.ID != r.Chat {
			continue
		}
		if chat.State != desk.ChatEnded || chat.JoinedAt.IsZero() {
			return chat, &desk.Refusal{Kind: desk.ErrConflict, Message: "This chat is not over yet. You are asked how it was when it has ended."}
		}
		if chat.Requester == r.By {
			return chat, nil
		}
		took, err := s.store.TookPart(ctx, r.Case, r.Chat, r.By)
		if err != nil {
			return chat, fmt.Errorf("rate chat %s: %w", r.Chat, err)
		}
		if !took {
			return chat, &desk.Refusal{Kind: desk.ErrForbidden, Message: "Only those who wrote in this chat are asked how it was."}
		}
		return chat, nil
	}
	return chat, &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such chat any more."}
}

// Rate keeps what somebody says of a chat. changed is false when they have said
// just that before.
func (s *Service) Rate(ctx context.Context, r Rate) (changed bool, err error) {
	chat, err := s.chat(ctx, r)
	if err != nil {
		return false, err
	}
	now := s.now().UTC().Truncate(time.Microsecond)
	err = s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, r.Case)
		if err != nil {
			return err
		}
		earlier, err := tx.Rating(ctx, r.Chat, r.By)
		if err != nil {
			return err
		}
		said := report.Rating{Chat: r.Chat, Person: r.By, Case: r.Case, EndedAt: chat.EndedAt, Score: r.Score, Remark: r.Remark}
		if said, changed, err = report.Rate(earlier, said, now); err != nil || !changed {
			return err
		}
		if err := tx.SaveRating(ctx, &said); err != nil {
			return err
		}
		if err := steps.NotePeople(ctx, tx, r.By); err != nil {
			return err
		}
		c.Touch(now) // its page shows it
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return false, fmt.Errorf("rate chat %s: %w", r.Chat, err)
	}
	return changed, nil
}
