package preferences

import (
	"context"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

// A Service keeps preferences. Make one with New.
type Service struct{ store store.Store }

// New returns a Service on s.
func New(s store.Store) *Service { return &Service{store: s} }

// Chosen is what an agent chose for a key; empty when they chose nothing.
func (s *Service) Chosen(ctx context.Context, a desk.AgentID, key string) (string, error) {
	value, err := s.store.Preference(ctx, a, key)
	if err != nil {
		return "", fmt.Errorf("read preference %s of %s: %w", key, a, err)
	}
	return value, nil
}

// Choose keeps what an agent chose for a key, in place of what they chose before.
// Nothing of it is administrative, so the audit does not hear of it.
func (s *Service) Choose(ctx context.Context, a desk.AgentID, key, value string) error {
	p := personal.Preference{Agent: a, Key: key, Value: value}
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SavePreference(ctx, &p) }); err != nil {
		return fmt.Errorf("keep preference %s of %s: %w", key, a, err)
	}
	return nil
}
