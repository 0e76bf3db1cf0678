package keeping

import (
	"context"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

// Saw notes how far an agent has read a chat of theirs, so that it is read on their
// other devices. Of other cases nothing is noted, and nothing is written that is known:
// no list tells there what is unread.
func (s *Service) Saw(ctx context.Context, who desk.Agent, c desk.Case, seq int64) error {
	seq = min(seq, c.LastSeq)
	if !c.Chat.Has(who.ID) || seq <= 0 {
		return nil
	}
	marks, err := s.store.ReadMarks(ctx, who.ID)
	if err != nil {
		return fmt.Errorf("read case %s: %w", c.ID, err)
	}
	for _, m := range marks {
		if m.Case == c.ID && m.Seq >= seq {
			return nil
		}
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		return tx.SaveReadMark(ctx, &personal.ReadMark{Agent: who.ID, Case: c.ID, Seq: seq})
	})
	if err != nil {
		return fmt.Errorf("read case %s: %w", c.ID, err)
	}
	return nil
}
