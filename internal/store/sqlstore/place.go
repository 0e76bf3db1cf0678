package sqlstore

import (
	"context"
	"errors"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	insertEarlierPlace = `INSERT INTO earlier_places (place, case_id) VALUES ($1, $2) ON CONFLICT (place) DO NOTHING`

	selectEarlierPlace = `SELECT case_id FROM earlier_places WHERE place = $1`

	// Each half has an index of its own.
	selectLiveAt = `SELECT id FROM cases WHERE chat_state = 'requested' AND (place = $1 OR substr(place, 1, $2) = $3)
	UNION ALL
	SELECT id FROM cases WHERE chat_state = 'in-progress' AND (place = $1 OR substr(place, 1, $2) = $3)
	ORDER BY id`

	// A case changes when its chat ends, and perhaps later; by that there is an
	// index.
	selectEndedAt = `SELECT id FROM cases WHERE changed_at >= $1 AND chat_state = 'ended' AND chat_ended_at >= $1 AND (place = $2 OR substr(place, 1, $3) = $4)
	ORDER BY changed_at DESC, id LIMIT $5`

	selectLiveIn = `SELECT id FROM cases WHERE chat_state = 'requested' AND workspace = $1
	UNION ALL
	SELECT id FROM cases WHERE chat_state = 'in-progress' AND workspace = $1
	ORDER BY id`
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
	c, err := r.oneCase(ctx, commit.Op{Doing: "the case at", ID: string(place)}, stored.SelectCase+stored.ByPlace, string(place))
	if !errors.Is(err, desk.ErrNotFound) {
		return c, err
	}
	id, err := movedFrom(ctx, r, place)
	if err != nil {
		return desk.Case{}, err
	}
	return r.Case(ctx, id)
}

// LiveAt returns the cases that have a live chat at place or in its threads.
func (t *tx) LiveAt(ctx context.Context, place desk.Place) ([]desk.CaseID, error) {
	threads := string(place) + "/"
	what := commit.Op{Doing: "chats at", ID: string(place)}
	return caseIDs(ctx, t, what, selectLiveAt, string(place), int64(len(threads)), threads)
}

// EndedAt returns the cases whose chat at place or in its threads has ended
// since.
func (t *tx) EndedAt(ctx context.Context, place desk.Place, since time.Time, limit int) ([]desk.CaseID, error) {
	threads := string(place) + "/"
	what := commit.Op{Doing: "ended chats at", ID: string(place)}
	return caseIDs(ctx, t, what, selectEndedAt, since.UnixMicro(), string(place), int64(len(threads)), threads, int64(limit))
}

// LiveIn returns the cases of a workspace that have a live chat.
func (r reads) LiveIn(ctx context.Context, w desk.WorkspaceID) ([]desk.CaseID, error) {
	return caseIDs(ctx, r, commit.Op{Doing: "chats in", ID: string(w)}, selectLiveIn, string(w))
}

func caseIDs(ctx context.Context, q asker, what commit.Op, text string, args ...any) (ids []desk.CaseID, err error) {
	err = q.query(ctx, what, text, args, func(from commit.Row) error {
		var id string
		err := from.Scan(&id)
		ids = append(ids, desk.CaseID(id))
		return err
	})
	return ids, err
}
