package sqlstore

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	insertEarlierPlace = `INSERT INTO earlier_places (place, case_id) VALUES ($1, $2) ON CONFLICT (place) DO NOTHING`

	selectEarlierPlace = `SELECT case_id FROM earlier_places WHERE place = $1`
)

// movedFrom returns the case whose chats were once at place. A place that is a
// case's own now is looked up before.
func movedFrom(ctx context.Context, q asker, place desk.Place) (id desk.CaseID, err error) {
	what := commit.Op{Doing: "the case once at", ID: string(place)}
	err = one(ctx, q, what, selectEarlierPlace, []any{string(place)}, func(from commit.Row) error {
		return from.Scan((*string)(&id))
	})
	return id, err
}

// CaseAt returns the case whose chats are, or once were, at place.
func (r reads) CaseAt(ctx context.Context, place desk.Place) (desk.Case, error) {
	c, err := r.oneCase(ctx, commit.Op{Doing: "the case at", ID: string(place)}, selectCase+byPlace, string(place))
	if !errors.Is(err, desk.ErrNotFound) {
		return c, err
	}
	id, err := movedFrom(ctx, r, place)
	if err != nil {
		return desk.Case{}, err
	}
	return r.Case(ctx, id)
}
