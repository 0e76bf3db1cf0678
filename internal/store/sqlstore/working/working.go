package working

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
	HintLooks(id desk.CaseID) // tells that who looks at a case has changed
}

// Reads are the queries.
type Reads struct{ Working Asker }

// A Tx is an update's part.
type Tx struct{ WorkingTo Changer }
