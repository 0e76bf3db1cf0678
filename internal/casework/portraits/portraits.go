package portraits

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"sync"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Service keeps the pictures of agents. It may be used by many goroutines. Make
// one with [New].
type Service struct {
	store   store.Store
	drawing sync.Mutex // held while a picture is drawn: one takes up to some hundred megabytes
}

// New returns a Service on s.
func New(s store.Store) *Service { return &Service{store: s} }

// Choose gives an agent the picture that r holds, in place of the one they had.
func (s *Service) Choose(ctx context.Context, a desk.AgentID, r io.Reader) error {
	png, err := s.draw(r)
	if err != nil {
		return err
	}
	p := desk.Portrait{Agent: a, Token: rand.Text(), PNG: png}
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SavePortrait(ctx, &p) }); err != nil {
		return fmt.Errorf("picture of agent %s: %w", a, err)
	}
	return nil
}

func (s *Service) draw(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, refuse("The picture did not arrive whole. Try it again.")
	}
	s.drawing.Lock()
	defer s.drawing.Unlock()
	return Square(data)
}

// Drop takes an agent's picture away. Without one nothing changes.
func (s *Service) Drop(ctx context.Context, a desk.AgentID) error {
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.DropPortrait(ctx, a) }); err != nil {
		return fmt.Errorf("picture of agent %s: %w", a, err)
	}
	return nil
}

// Of returns an agent's picture, or desk.ErrNotFound.
func (s *Service) Of(ctx context.Context, a desk.AgentID) (desk.Portrait, error) {
	return s.store.Portrait(ctx, a)
}

// At returns the picture with a public address, or desk.ErrNotFound.
func (s *Service) At(ctx context.Context, token string) (desk.Portrait, error) {
	return s.store.PortraitAt(ctx, token)
}
