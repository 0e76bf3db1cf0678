package drafts

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

// A Service keeps drafts. It may be used by many goroutines. Make one with New.
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s; now tells the time, by default the system clock.
func New(s store.Store, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// Keep keeps a draft for a day from now, in place of what had its ID.
func (s *Service) Keep(ctx context.Context, d personal.Draft) error {
	d.ExpiresAt = s.now().Add(personal.DraftLife)
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SaveDraft(ctx, &d) })
	if err != nil {
		return fmt.Errorf("keep draft %s: %w", d.ID, err)
	}
	return nil
}

// Claim has what ID names done once: first reports whether nobody has claimed it
// within a day. Whoever could not do it drops it, so that it can be claimed
// again.
func (s *Service) Claim(ctx context.Context, id string) (first bool, err error) {
	d := personal.Draft{ID: id, Kind: "claim", Body: rand.Text(), ExpiresAt: s.now().Add(personal.DraftLife)}
	err = s.store.Update(ctx, func(tx store.Tx) (err error) {
		first, err = tx.AddDraft(ctx, &d)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim %s: %w", id, err)
	}
	return first, nil
}

// Find returns a draft, or desk.ErrNotFound when there is none or its day is
// over.
func (s *Service) Find(ctx context.Context, id string) (personal.Draft, error) {
	return s.store.Draft(ctx, id, s.now())
}

// Of returns the latest drafts of a person, the latest first.
func (s *Service) Of(ctx context.Context, owner desk.PersonID) ([]personal.Draft, error) {
	const latest = 20
	return s.store.DraftsOf(ctx, owner, s.now(), latest)
}

// Drop forgets a draft. Dropping it twice changes nothing.
func (s *Service) Drop(ctx context.Context, id string) error {
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.DeleteDraft(ctx, id) })
	if err != nil {
		return fmt.Errorf("drop draft %s: %w", id, err)
	}
	return nil
}

// Purge forgets the drafts whose day is over.
func (s *Service) Purge(ctx context.Context) error {
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.PurgeDrafts(ctx, now) })
	if err != nil {
		return fmt.Errorf("purge drafts: %w", err)
	}
	return nil
}
