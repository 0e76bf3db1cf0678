package casework

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// Disconnect notes that we may no longer speak in a workspace, and ends its
// chats. What is to be said there waits. It may be called again, and then ends
// what an interrupted call left.
func (s *Service) Disconnect(ctx context.Context, id desk.WorkspaceID, reason string) error {
	if err := s.setState(ctx, id, served.WorkspaceDisconnected, reason); err != nil {
		return err
	}
	live, err := s.store.LiveIn(ctx, id)
	if err != nil {
		return fmt.Errorf("disconnect workspace %s: %w", id, err)
	}
	var failed []error
	for _, c := range live {
		now, err := s.store.Case(ctx, c)
		if err == nil {
			_, _, err = s.End(ctx, End{
				Target: Target{Case: c}, By: desk.BySystem(), Reason: desk.EndedOffline,
				Origin: desk.Origin("disconnected:" + now.Chat.ID),
			})
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// Reconnect notes that we may speak in a workspace again.
func (s *Service) Reconnect(ctx context.Context, id desk.WorkspaceID) error {
	return s.setState(ctx, id, served.WorkspaceConnected, "")
}

func (s *Service) setState(ctx context.Context, id desk.WorkspaceID, state served.WorkspaceState, reason string) error {
	w, err := s.store.Workspace(ctx, id)
	if err != nil {
		return fmt.Errorf("workspace %s %s: %w", id, state, err)
	}
	if w.State == state {
		return nil
	}
	w.State, w.Reason = state, reason
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SaveWorkspace(ctx, &w) }); err != nil {
		return fmt.Errorf("workspace %s %s: %w", id, state, err)
	}
	return nil
}
