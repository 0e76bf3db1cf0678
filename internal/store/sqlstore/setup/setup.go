package setup

import (
	"context"
	"encoding/json"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// An Asker runs queries: those of an update or of a read.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
}

// Reads are the queries.
type Reads struct{ Ask Asker }

// A Tx is an update's part: what it reads is as it is inside the update.
type Tx struct {
	Reads
	To    Changer
	Texts *Texts
}

// Texts are the statements in which the dialects differ.
type Texts struct{ addMembers, dropMembers string }

// NewTexts returns the statements for a dialect; elements is the query for the
// elements of a JSON list of texts, which is an argument, as the column person.
func NewTexts(elements func(argument string) string) Texts {
	return Texts{
		addMembers: `INSERT INTO group_members (workspace, user_group, person)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), person FROM (` + elements("$3") + `) AS these WHERE TRUE -- or SQLite takes ON for a join's
		ON CONFLICT (workspace, user_group, person) DO NOTHING`,
		dropMembers: `DELETE FROM group_members WHERE workspace = $1 AND user_group = $2 AND person IN (` + elements("$3") + `)`,
	}
}

// one reads the one row that a query finds, or returns desk.ErrNotFound.
func (r Reads) one(ctx context.Context, what commit.Op, text string, args []any, scan func(commit.Row) error) error {
	found := false
	err := r.Ask.Query(ctx, what, text, args, func(from commit.Row) error {
		found = true
		return scan(from)
	})
	if err == nil && !found {
		return what.Wrap(desk.ErrNotFound)
	}
	return err
}

// jsonList is how a list is handed over.
func jsonList[T ~string](items []T) string {
	if len(items) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(items) // strings always marshal
	return string(text)
}
