package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// Insert adds an entry; what it returns is its number, where the driver does
// not tell it anyway.
const Insert = `INSERT INTO audit (at, side, actor, actor_name, place, via, what, account, case_id, detail)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

// Args are the arguments of Insert for an entry.
func Args(e *desk.AuditEntry) []any {
	detail := ""
	if len(e.Detail) > 0 {
		text, _ := json.Marshal(e.Detail) // strings always marshal
		detail = string(text)
	}
	return []any{e.At.UnixMicro(), string(e.By.Side), e.By.ID, e.By.Name, string(e.Where), e.Via, e.What, string(e.Account), string(e.Case), detail}
}

// skew is how far nodes' clocks, and the wait for a commit, may have the times of
// entries be out of the order of their numbers. By it a stretch of time is found
// among the numbers without reading those before and after it.
const skew = 10 * time.Minute

// query returns the query for up to limit entries that a filter finds, newest
// first, and its arguments.
func query(f desk.AuditFilter, before int64, limit int) (text string, args []any) {
	var where []string
	must := func(condition string, value any) {
		args = append(args, value)
		where = append(where, condition+" $"+strconv.Itoa(len(args)))
	}
	for _, is := range []struct{ column, value string }{
		{"case_id", string(f.Case)}, {"account", string(f.Account)}, {"actor", f.By}, {"what", f.What},
	} {
		if is.value != "" {
			must(is.column+" =", is.value)
		}
	}
	for _, partial := range []struct{ column, value string }{{"case_id", string(f.Case)}, {"actor", f.By}} {
		if partial.value != "" {
			where = append(where, partial.column+" <> ''") // or the index of those that have one is not seen to do
		}
	}
	if !f.From.IsZero() {
		must("at >=", f.From.UnixMicro())
		must("id >= (SELECT id FROM audit WHERE at >=", f.From.Add(-skew).UnixMicro())
		where[len(where)-1] += " ORDER BY at, id LIMIT 1)"
	}
	if !f.To.IsZero() {
		must("at <", f.To.UnixMicro())
		must("id <= (SELECT id FROM audit WHERE at <", f.To.Add(skew).UnixMicro())
		where[len(where)-1] += " ORDER BY at DESC, id DESC LIMIT 1)"
	}
	if before > 0 {
		must("id <", before)
	}
	text = "SELECT id, at, side, actor, actor_name, place, via, what, account, case_id, detail FROM audit"
	if len(where) > 0 {
		text += " WHERE " + strings.Join(where, " AND ")
	}
	args = append(args, int64(limit))
	return text + " ORDER BY id DESC LIMIT $" + strconv.Itoa(len(args)), args
}

// scan reads one row of query's.
func scan(from commit.Row) (e desk.AuditEntry, err error) {
	var at int64
	var detail string
	if err := from.Scan(&e.ID, &at, (*string)(&e.By.Side), &e.By.ID, &e.By.Name, (*string)(&e.Where), &e.Via, &e.What,
		(*string)(&e.Account), (*string)(&e.Case), &detail); err != nil {
		return e, err
	}
	e.At = time.UnixMicro(at).UTC()
	if detail == "" {
		return e, nil
	}
	if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
		return e, fmt.Errorf("audit entry %d: %w", e.ID, err)
	}
	return e, nil
}

// Find returns up to limit entries that a filter finds, newest first. run runs
// the query.
func Find(ctx context.Context, f desk.AuditFilter, before int64, limit int,
	run func(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error,
) (all []desk.AuditEntry, err error) {
	text, args := query(f, before, limit)
	err = run(ctx, commit.Op{Doing: "audit"}, text, args, func(from commit.Row) error {
		e, err := scan(from)
		all = append(all, e)
		return err
	})
	return all, err
}
