package casework

import (
	"context"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Renumbering says that Slack gave a channel another id. The place stays what
// we call it.
type Renumbering struct {
	Place  desk.Place // the channel
	Change desk.ChannelChange
}

// Renumber notes that a channel has another id. What was written there under
// the new one before we knew of it was taken for somebody else's, so every
// running chat there is brought up to date from Slack's history.
func (s *Service) Renumber(ctx context.Context, tx store.Tx, r Renumbering) error {
	if err := tx.SaveChannelChange(ctx, &r.Change); err != nil {
		return err
	}
	ids, err := tx.LiveAt(ctx, r.Place)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.catchUpIn(ctx, tx, id, r.Change.At); err != nil {
			return fmt.Errorf("case %s: its channel has another id: %w", id, err)
		}
	}
	return nil
}
