package homes

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
}

// Reads are the queries.
type Reads struct{ Homes Asker }

// A Tx is an update's part.
type Tx struct{ HomesTo Changer }

const (
	save = `INSERT INTO homes (person, page, opened_at) VALUES ($1, $2, $3)
	ON CONFLICT (person) DO UPDATE SET page = excluded.page, opened_at = excluded.opened_at`

	selectOpen = `SELECT person, page, opened_at FROM homes WHERE opened_at >= $1 ORDER BY person`

	// NoteAuthor notes that a person wrote to a case.
	NoteAuthor = `INSERT INTO authors (person, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`

	selectOn = `SELECT h.person, h.page, h.opened_at FROM homes h WHERE h.opened_at >= $2 AND (
		h.person = (SELECT x.requester FROM cases x WHERE x.id = $1) OR
		EXISTS (SELECT 1 FROM authors a WHERE a.person = h.person AND a.case_id = $1))
	ORDER BY h.person`

	selectCases = `SELECT x.id FROM cases x
	WHERE x.status <> 'resolved' AND (x.requester = $1 OR
		x.id IN (SELECT a.case_id FROM authors a WHERE a.person = $1))
	ORDER BY CASE WHEN x.chat_state IN ('requested', 'in-progress') THEN 0 ELSE 1 END, x.created_at DESC, x.id LIMIT $2`
)

// SaveHome notes that a person looks at a page of their home.
func (t Tx) SaveHome(ctx context.Context, h *store.Home) error {
	return t.HomesTo.Write(ctx, commit.Op{Doing: "save home", ID: string(h.Person)}, save, string(h.Person), int64(h.Page), h.OpenedAt.UnixMicro())
}

// OpenHomes returns the homes that were opened at or after since, by person.
func (r Reads) OpenHomes(ctx context.Context, since time.Time) ([]store.Home, error) {
	return r.homes(ctx, commit.Op{Doing: "homes", ID: "open"}, selectOpen, since.UnixMicro())
}

// HomesWith returns those of them that a case is on, by person.
func (r Reads) HomesWith(ctx context.Context, id desk.CaseID, since time.Time) ([]store.Home, error) {
	return r.homes(ctx, commit.Op{Doing: "homes with case", ID: string(id)}, selectOn, string(id), since.UnixMicro())
}

func (r Reads) homes(ctx context.Context, what commit.Op, text string, args ...any) (all []store.Home, err error) {
	err = r.Homes.Query(ctx, what, text, args, func(from commit.Row) error {
		var h store.Home
		var page, opened int64
		err := from.Scan((*string)(&h.Person), &page, &opened)
		h.Page, h.OpenedAt = int(page), time.UnixMicro(opened).UTC()
		all = append(all, h)
		return err
	})
	return all, err
}

// CasesOf returns a person's open cases: those they opened, and those to which
// they wrote.
func (r Reads) CasesOf(ctx context.Context, who desk.PersonID, limit int) (all []desk.CaseID, err error) {
	what := commit.Op{Doing: "cases of", ID: string(who)}
	err = r.Homes.Query(ctx, what, selectCases, []any{string(who), int64(limit)}, func(from commit.Row) error {
		var id string
		err := from.Scan(&id)
		all = append(all, desk.CaseID(id))
		return err
	})
	return all, err
}
