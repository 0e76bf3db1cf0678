package steps

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// WhereChat is the place of a chat of c.
func WhereChat(c *desk.Case, chat desk.ChatSession) desk.Place {
	if chat.Place != "" {
		return chat.Place
	}
	return c.Place
}

// LockChat returns a locked case and one of its chats.
func LockChat(ctx context.Context, tx store.Tx, id desk.CaseID, chat desk.ChatID) (desk.Case, desk.ChatSession, error) {
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

// SaveChat saves a chat of c, which may not be its latest, and c.
func SaveChat(ctx context.Context, tx store.Tx, c *desk.Case, chat desk.ChatSession, now time.Time) error {
	c.Touch(now)
	if c.Chat.ID == chat.ID {
		c.Chat = chat
	} else if err := tx.SaveEarlierChat(ctx, &chat); err != nil {
		return err
	}
	return tx.SaveCase(ctx, c)
}
