package setup

import (
	"context"
	"slices"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/terms"
)

const selectNames = `SELECT id, name FROM people WHERE name <> '' ORDER BY id`

// PeopleCalled returns people by what somebody typed of their name. The words
// are compared here, because SQLite knows capitals of English only.
func (r Reads) PeopleCalled(ctx context.Context, typed string, limit int) (called []desk.Person, err error) {
	words := terms.Words(typed)
	if len(words) == 0 {
		return nil, nil
	}
	err = r.Ask.Query(ctx, commit.Op{Doing: "people", ID: "by name"}, selectNames, nil, func(from commit.Row) error {
		var p desk.Person
		err := from.Scan((*string)(&p.ID), &p.Name)
		if len(called) < limit && beginIn(p.Name, words) {
			called = append(called, p)
		}
		return err
	})
	return called, err
}

// beginIn reports whether each of words begins one of a name's.
func beginIn(name string, words []string) bool {
	has := terms.Words(name)
	for _, w := range words {
		if !slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}
