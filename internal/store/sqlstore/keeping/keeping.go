package keeping

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

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
}

// Reads are the queries.
type Reads struct{ Keeping Asker }

// A Tx is an update's part. Locks follows a SELECT that locks its rows, where
// that needs saying.
type Tx struct {
	Reads
	KeepingTo Changer
	Locks     string
}

func (t Tx) lock() string { return t.Locks }

// one reads the one row that a query finds, or returns desk.ErrNotFound.
func one(ctx context.Context, from Asker, what commit.Op, text string, args []any, scan func(commit.Row) error) error {
	found := false
	err := from.Query(ctx, what, text, args, func(r commit.Row) error {
		found = true
		return scan(r)
	})
	if err == nil && !found {
		err = fmt.Errorf("%s: %w", what, desk.ErrNotFound)
	}
	return err
}

// all reads the rows that a query finds.
func all[T any](ctx context.Context, from Asker, what commit.Op, text string, args []any, scan func(commit.Row) (T, error)) (found []T, err error) {
	err = from.Query(ctx, what, text, args, func(r commit.Row) error {
		t, err := scan(r)
		found = append(found, t)
		return err
	})
	return found, err
}

// first is the one number that a query finds.
func first(ctx context.Context, from Asker, what commit.Op, text string, args ...any) (n int64, err error) {
	err = from.Query(ctx, what, text, args, func(r commit.Row) error { return r.Scan(&n) })
	return n, err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func list(items []string) string {
	if len(items) == 0 {
		return ""
	}
	text, _ := json.Marshal(items) // strings always marshal
	return string(text)
}

func unlist(text string, items *[]string) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), items)
}

// scanID reads a row of one case's id.
func scanID(r commit.Row) (id desk.CaseID, err error) {
	err = r.Scan((*string)(&id))
	return id, err
}
