package keeping

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
)

const (
	selectErasure = `SELECT id, cause, account, policy, hash, name, side, actor, actor_name, begun_at, ended_at, counts, subject, called, step, holder, position FROM erasures`

	insertErasure = `INSERT INTO erasures (id, cause, account, policy, hash, name, side, actor, actor_name, begun_at, ended_at, counts, subject, called, step, holder, position)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`

	moveErasure = `UPDATE erasures SET ended_at = $2, counts = $3, subject = $4, called = $5, step = $6, holder = $7, position = $8 WHERE id = $1`

	countErased = insertErasure + ` ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, counts = excluded.counts, policy = excluded.policy, step = excluded.step`

	selectStep = `SELECT step FROM erasures WHERE id = $1`

	wroteText = `SELECT count(DISTINCT e.case_id), CAST(coalesce(sum(CASE e.kind WHEN 'message' THEN 1 ELSE 0 END), 0) AS BIGINT),
	CAST(coalesce(sum(CASE e.kind WHEN 'file' THEN 1 ELSE 0 END), 0) AS BIGINT)
	FROM authors a JOIN correspondence e ON e.case_id = a.case_id AND e.author = a.person AND e.side = 'customer' WHERE a.person = $1`

	nextCases  = `SELECT id FROM cases WHERE id > $1 ORDER BY id LIMIT $2`
	nextCaseOf = `SELECT id FROM cases WHERE account = $1 AND id > $2 ORDER BY id LIMIT $3`

	// withPerson are the cases of a run of them that have to do with somebody.
	withPerson = `SELECT x.id FROM cases x WHERE x.id > $1 AND x.id <= $2 AND (
	x.requester = $3 OR x.chat_requester = $3 OR x.chat_ended_by = $3 OR x.members LIKE '%"' || $3 || '"%' OR x.chat_more LIKE '%"' || $3 || '"%'
	OR EXISTS (SELECT 1 FROM correspondence e WHERE e.case_id = x.id AND (e.author = $3 OR e.text LIKE '%<@' || $4 || '>%' OR e.origin LIKE '%:' || $4 || ':%'))
	OR EXISTS (SELECT 1 FROM earlier_chats c WHERE c.case_id = x.id AND (c.requester = $3 OR c.ended_by = $3 OR c.more LIKE '%"' || $3 || '"%')))
	ORDER BY x.id`

	// withAgent are those that name an agent.
	withAgent = `SELECT x.id FROM cases x WHERE x.id > $1 AND x.id <= $2 AND (
	x.chat_agent = $3 OR x.chat_ended_by = $3 OR x.chat_more LIKE '%"id":"' || $3 || '"%'
	OR EXISTS (SELECT 1 FROM correspondence e WHERE e.case_id = x.id AND e.author = $3 AND e.side = 'agent')
	OR EXISTS (SELECT 1 FROM earlier_chats c WHERE c.case_id = x.id AND (c.agent = $3 OR c.ended_by = $3 OR c.more LIKE '%"id":"' || $3 || '"%')))
	ORDER BY x.id`

	// tellOfAgent are those that say by a name to whom a chat was handed: whoever
	// handed it on without a word stands there no other way. Not by a name that
	// another agent has, too.
	tellOfAgent = `SELECT DISTINCT case_id FROM correspondence WHERE case_id > $1 AND case_id <= $2 AND kind = 'chat' AND what IN ('handed', 'left') AND text = $3
	AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.name = $3 AND a.id <> $4)`
)

func scanErasure(r commit.Row) (e keeping.Erasure, err error) {
	var begun, ended, step int64
	var counts string
	if err := r.Scan(&e.ID, (*string)(&e.Cause), (*string)(&e.Account), &e.Policy, &e.Hash, &e.Name, (*string)(&e.By.Side), &e.By.ID, &e.By.Name,
		&begun, &ended, &counts, &e.Subject, &e.Called, &step, &e.Holder, &e.Cursor); err != nil {
		return e, err
	}
	e.Begun, e.Ended, e.Step = instant(begun), instant(ended), int(step)
	return e, json.Unmarshal([]byte(counts), &e.Counts)
}

func erasureArgs(e *keeping.Erasure) []any {
	counts, _ := json.Marshal(keeping.Counts{}.Plus(e.Counts)) // strings and numbers always marshal
	return []any{e.ID, string(e.Cause), string(e.Account), e.Policy, e.Hash, e.Name, string(e.By.Side), e.By.ID, e.By.Name,
		micros(e.Begun), micros(e.Ended), string(counts), e.Subject, e.Called, int64(e.Step), e.Holder, e.Cursor}
}

// Erasure returns a record.
func (r Reads) Erasure(ctx context.Context, id string) (e keeping.Erasure, err error) {
	err = one(ctx, r.Keeping, commit.Op{Doing: "erasure", ID: id}, selectErasure+" WHERE id = $1", []any{id}, func(from commit.Row) error {
		e, err = scanErasure(from)
		return err
	})
	return e, err
}

// Erasures returns records, the latest first.
func (r Reads) Erasures(ctx context.Context, before time.Time, limit int) ([]keeping.Erasure, error) {
	text, args := selectErasure, []any{int64(limit)}
	if !before.IsZero() {
		text, args = text+" WHERE begun_at < $2", append(args, micros(before))
	}
	return all(ctx, r.Keeping, commit.Op{Doing: "erasures"}, text+" ORDER BY begun_at DESC, id DESC LIMIT $1", args, scanErasure)
}

// ErasuresOf returns those with a hash.
func (r Reads) ErasuresOf(ctx context.Context, hash string) ([]keeping.Erasure, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "erasures of"}, selectErasure+" WHERE hash = $1 AND hash <> '' ORDER BY begun_at, id", []any{hash}, scanErasure)
}

// OpenErasures returns those that go on.
func (r Reads) OpenErasures(ctx context.Context, limit int) ([]keeping.Erasure, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "open erasures"}, selectErasure+" WHERE ended_at = 0 ORDER BY id LIMIT $1", []any{int64(limit)}, scanErasure)
}

// SaveErasure adds a record, or replaces the one whose Step is one less.
func (t Tx) SaveErasure(ctx context.Context, e *keeping.Erasure) error {
	what, args := commit.Op{Doing: "save erasure", ID: e.ID}, erasureArgs(e)
	if e.Step == 0 {
		return t.KeepingTo.Write(ctx, what, insertErasure, args...)
	}
	step, err := first(ctx, t.Keeping, what, selectStep+t.lock(), e.ID)
	if err != nil {
		return err
	}
	if step != int64(e.Step-1) {
		return fmt.Errorf("%s: %w", what, desk.ErrConflict)
	}
	return t.KeepingTo.Write(ctx, what, moveErasure, e.ID, args[10], args[11], e.Subject, e.Called, int64(e.Step), e.Holder, e.Cursor)
}

// CountErased adds to a record what was erased.
func (t Tx) CountErased(ctx context.Context, e *keeping.Erasure) error {
	var old keeping.Erasure
	what := commit.Op{Doing: "count erased", ID: e.ID}
	err := t.Keeping.Query(ctx, what, selectErasure+" WHERE id = $1"+t.lock(), []any{e.ID}, func(from commit.Row) (err error) {
		old, err = scanErasure(from)
		return err
	})
	if err != nil {
		return err
	}
	sum := *e
	sum.Counts, sum.Step = old.Counts.Plus(e.Counts), old.Step+1
	return t.KeepingTo.Write(ctx, what, countErased, erasureArgs(&sum)...)
}

// Wrote counts what somebody in Slack wrote.
func (r Reads) Wrote(ctx context.Context, who desk.PersonID) (f keeping.Find, err error) {
	err = r.Keeping.Query(ctx, commit.Op{Doing: "words of", ID: string(who)}, wroteText, []any{string(who)}, func(from commit.Row) error {
		var cases, words, files int64
		err := from.Scan(&cases, &words, &files)
		f = keeping.Find{ID: string(who), Cases: int(cases), Words: int(words), Files: int(files)}
		return err
	})
	return f, err
}

// CasesWith returns those of the next cases that have to do with somebody.
func (r Reads) CasesWith(ctx context.Context, who keeping.Names, after desk.CaseID, limit int) (found []desk.CaseID, last desk.CaseID, err error) {
	next, err := r.AnyCases(ctx, after, limit)
	if err != nil || len(next) == 0 {
		return nil, "", err
	}
	last = next[len(next)-1]
	if who.Agent != "" {
		found, err = all(ctx, r.Keeping, commit.Op{Doing: "cases with", ID: string(who.Agent)}, withAgent, []any{string(after), string(last), string(who.Agent)}, scanID)
		for _, name := range who.Called() {
			told, failed := all(ctx, r.Keeping, commit.Op{Doing: "cases that tell of", ID: string(who.Agent)}, tellOfAgent, []any{string(after), string(last), name, string(who.Agent)}, scanID)
			found, err = append(found, told...), errors.Join(err, failed)
		}
		slices.Sort(found)
		return slices.Compact(found), last, err
	}
	found, err = all(ctx, r.Keeping, commit.Op{Doing: "cases with", ID: string(who.ID)}, withPerson,
		[]any{string(after), string(last), string(who.ID), who.User}, scanID)
	return found, last, err
}

// AnyCases returns the next cases after one.
func (r Reads) AnyCases(ctx context.Context, after desk.CaseID, limit int) ([]desk.CaseID, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "cases after", ID: string(after)}, nextCases, []any{string(after), int64(limit)}, scanID)
}

// CasesBy returns the next cases of an account after one, or of all.
func (r Reads) CasesBy(ctx context.Context, account desk.AccountID, after desk.CaseID, limit int) ([]desk.CaseID, error) {
	if account == "" {
		return r.AnyCases(ctx, after, limit)
	}
	return all(ctx, r.Keeping, commit.Op{Doing: "cases of", ID: string(account)}, nextCaseOf, []any{string(account), string(after), int64(limit)}, scanID)
}
