package portraits

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

// A Service keeps the pictures of agents. It may be used by many goroutines. Make
// one with [New].
type Service struct {
	store   store.Store
	now     func() time.Time
	drawing sync.Mutex // held while a picture is drawn: one takes up to some hundred megabytes
}

// New returns a Service on s; now tells the time, by default the system clock.
func New(s store.Store, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// Choose gives an agent the picture that r holds, in place of the one they had.
func (s *Service) Choose(ctx context.Context, by desk.By, a desk.Agent, r io.Reader) error {
	png, err := s.draw(r)
	if err != nil {
		return err
	}
	p := personal.Portrait{Agent: a.ID, Token: rand.Text(), PNG: png}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.SavePortrait(ctx, &p); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, desk.DidPicture, a)
	})
	if err != nil {
		return fmt.Errorf("picture of agent %s: %w", a.ID, err)
	}
	return nil
}

// audit notes what was done to an agent's picture.
func (s *Service) audit(ctx context.Context, tx store.Tx, by desk.By, did string, a desk.Agent) error {
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: by.Actor, Via: by.Via, What: did, Detail: map[string]string{"agent": a.Email}})
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
func (s *Service) Drop(ctx context.Context, by desk.By, a desk.Agent) error {
	_, err := s.store.PortraitToken(ctx, a.ID)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = s.store.Update(ctx, func(tx store.Tx) error {
			if err := tx.DropPortrait(ctx, a.ID); err != nil {
				return err
			}
			return s.audit(ctx, tx, by, desk.DidNoPicture, a)
		})
	}
	if err != nil {
		return fmt.Errorf("picture of agent %s: %w", a.ID, err)
	}
	return nil
}

// Of returns an agent's picture, or desk.ErrNotFound.
func (s *Service) Of(ctx context.Context, a desk.AgentID) (personal.Portrait, error) {
	return s.store.Portrait(ctx, a)
}

// At returns the picture with a public address, or desk.ErrNotFound.
func (s *Service) At(ctx context.Context, token string) (personal.Portrait, error) {
	return s.store.PortraitAt(ctx, token)
}
