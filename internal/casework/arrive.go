package casework

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// An Arrival says that somebody brought the app into a channel.
type Arrival struct {
	Workspace desk.WorkspaceID
	Channel   desk.ChannelID
	Place     desk.Place // the same
	By        desk.PersonID
}

// Arrive tells them, privately, what is still to be done when support is not set
// up there. A chat's own channel needs no setup.
func (s *Service) Arrive(ctx context.Context, tx store.Tx, a Arrival) error {
	configs, err := tx.ChannelsAt(ctx, a.Workspace, a.Channel)
	if err != nil {
		return fmt.Errorf("arrive in channel %s: %w", a.Channel, err)
	}
	_, err = tx.LockCaseAt(ctx, a.Place)
	if len(configs) > 0 || err == nil {
		return nil
	}
	if !errors.Is(err, desk.ErrNotFound) {
		return fmt.Errorf("arrive in channel %s: %w", a.Channel, err)
	}
	now := s.now()
	return tx.Enqueue(ctx, &desk.Delivery{
		Lane: desk.HintLane(a.Place), Kind: desk.DeliverEphemeral, State: desk.DeliveryPending, Place: a.Place,
		Content: desk.Content{User: a.By, What: desk.NotSetUp}, CreatedAt: now, NotBefore: now,
	})
}
