package auth

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Resealer also says what is sealed with another key than that which seals now.
type Resealer interface {
	Sealer
	Stale(sealed string) bool
}

// Reseal seals the secrets of all second factors with the key that seals now, and
// says how many there were to seal anew. It changes none when one does not open.
func Reseal(ctx context.Context, s Store, keys Resealer) (anew int, err error) {
	with, err := s.WithFactor(ctx)
	if err != nil {
		return 0, fmt.Errorf("second factors: %w", err)
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		anew = 0
		for _, id := range with {
			if _, err := tx.LockAgent(ctx, id); err != nil {
				return err
			}
			f, err := tx.Factor(ctx, id)
			if errors.Is(err, desk.ErrNotFound) {
				continue // removed meanwhile
			}
			if err != nil {
				return err
			}
			if !keys.Stale(f.Secret) {
				continue
			}
			secret, err := keys.Open(f.Secret, about(id))
			if err != nil {
				return refuse(desk.ErrConflict, "", "The second factor of agent %s does not open (%v): put that key back, or remove the second factor.", id, err)
			}
			f.Secret = keys.Seal(secret, about(id))
			if err := tx.SaveFactor(ctx, &f); err != nil {
				return err
			}
			anew++
		}
		return nil
	})
	if _, ok := errors.AsType[*desk.Refusal](err); err != nil && !ok {
		return 0, fmt.Errorf("seal second factors anew: %w", err)
	}
	return anew, err
}
