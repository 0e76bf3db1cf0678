package landing

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// Tx are the queries, in an update.
type Tx struct{ LandingFrom Asker }

// Of the same kinds as the query of EntryShown.
const selectLanding = `SELECT 1 FROM deliveries WHERE case_id = $1 AND seq > 0 AND kind IN ('reply', 'share')
	AND state IN ('pending', 'unknown') AND tried_at > 0 LIMIT 1`

// Landing reports whether a reply or file of a case has been tried and is not settled.
func (t Tx) Landing(ctx context.Context, id desk.CaseID) (landing bool, err error) {
	err = t.LandingFrom.Query(ctx, commit.Op{Doing: "landing", ID: string(id)}, selectLanding, []any{string(id)}, func(commit.Row) error {
		landing = true
		return nil
	})
	return landing, err
}
