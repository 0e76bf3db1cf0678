package kin

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// Reads are the queries.
type Reads struct{ Kin Asker }

const selectFollowing = `SELECT number FROM cases WHERE related = $1 AND related <> '' ORDER BY created_at, id LIMIT $2`

// Following returns the numbers of the cases that follow a case.
func (r Reads) Following(ctx context.Context, id desk.CaseID, limit int) (all []desk.CaseNumber, err error) {
	err = r.Kin.Query(ctx, commit.Op{Doing: "cases that follow", ID: string(id)}, selectFollowing, []any{string(id), int64(limit)}, func(from commit.Row) error {
		var number string
		err := from.Scan(&number)
		all = append(all, desk.CaseNumber(number))
		return err
	})
	return all, err
}
