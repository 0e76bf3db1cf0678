package rating

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Asks reports whether the people of an account are asked how a chat was.
func Asks(ctx context.Context, tx store.Tx, id desk.AccountID) (bool, error) {
	a, err := tx.Account(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return true, nil
	}
	return !a.Unasked, err
}
