package store

import (
	"context"
	"errors"

	"caseline/internal/desk"
)

// maxKin is how many of the cases that follow one KinOf names.
const maxKin = 20

// KinOf returns the numbers of the case that c follows, and of the first cases
// that follow it.
func KinOf(ctx context.Context, r interface {
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	Following(ctx context.Context, id desk.CaseID, limit int) ([]desk.CaseNumber, error)
}, c desk.Case,
) ([]desk.CaseNumber, error) {
	var all []desk.CaseNumber
	if c.Related != "" {
		other, err := r.Case(ctx, c.Related)
		switch {
		case err == nil:
			all = append(all, other.Number)
		case !errors.Is(err, desk.ErrNotFound):
			return nil, err
		}
	}
	following, err := r.Following(ctx, c.ID, maxKin)
	return append(all, following...), err
}
