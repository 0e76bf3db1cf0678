package dispatch

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
)

// FieldSure is the field of a refusal that is a question: whoever says yes to it
// gets what they wanted.
const FieldSure = "sure"

// A Take is an agent's wish to have a waiting chat.
type Take struct {
	Agent desk.AgentID
	Offer time.Time // when it was offered to them, if they accept an offer; zero: by hand
	Ask   bool      // whether they want more chats than they take on
}

// MayTake refuses to take a chat by an offer that has ended, or with hands that are
// full, in the update that takes it. Whoever takes two at once waits for the lock
// of their own, so the second finds the first in their hands. A chat that does not
// wait it leaves to desk.
func MayTake(ctx context.Context, tx store.Tx, c *desk.Case, t Take) error {
	if c.Chat.State != desk.ChatRequested {
		return nil
	}
	if o := c.Chat.Offer; !t.Offer.IsZero() && (o.Agent != t.Agent || !o.At.Equal(t.Offer)) {
		if o.Agent != "" {
			return &desk.Refusal{Kind: desk.ErrConflict, Message: "Your offer has ended: the chat is offered to " + o.Name + " now. Join it if you want to take it all the same."}
		}
		return &desk.Refusal{Kind: desk.ErrConflict, Message: "Your offer has ended, but the chat still waits. Join it if you want to take it."}
	}
	if !t.Ask {
		return nil
	}
	if _, err := tx.LockAgent(ctx, t.Agent); err != nil {
		return err
	}
	load, err := tx.LoadOf(ctx, t.Agent)
	if err != nil {
		return err
	}
	seats, err := tx.Seats(ctx)
	if err != nil {
		return err
	}
	seat := roster.SeatOf(seats, t.Agent)
	if load.Chats < seat.Holds() {
		return nil
	}
	return &desk.Refusal{Kind: desk.ErrConflict, Field: FieldSure, Message: fmt.Sprintf("Your hands are full, with %d of %d chats.", load.Chats, seat.Holds())}
}
