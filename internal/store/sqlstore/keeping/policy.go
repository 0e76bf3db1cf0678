package keeping

import (
	"context"
	"errors"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
)

const (
	selectPolicy = `SELECT account, cases, files, max_file, takes, refuses, hold FROM policies`

	savePolicy = `INSERT INTO policies (account, cases, files, max_file, takes, refuses, hold) VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (account) DO UPDATE SET cases = excluded.cases, files = excluded.files, max_file = excluded.max_file,
	takes = excluded.takes, refuses = excluded.refuses, hold = excluded.hold`

	selectHold = `SELECT h.case_id, h.reason, h.side, h.actor, h.actor_name, h.at FROM holds h`

	saveHold = `INSERT INTO holds (case_id, reason, side, actor, actor_name, at) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (case_id) DO UPDATE SET reason = excluded.reason, side = excluded.side, actor = excluded.actor,
	actor_name = excluded.actor_name, at = excluded.at`

	heldOf = ` JOIN cases x ON x.id = h.case_id
	WHERE x.requester = $1 OR EXISTS (SELECT 1 FROM authors a WHERE a.person = $1 AND a.case_id = h.case_id) ORDER BY h.case_id LIMIT $2`

	holdsOf = ` WHERE hold <> '' AND (EXISTS (SELECT 1 FROM cases x WHERE x.account = policies.account AND x.requester = $1)
	OR EXISTS (SELECT 1 FROM authors a JOIN cases x ON x.id = a.case_id WHERE a.person = $1 AND x.account = policies.account)) ORDER BY account`

	dropHold = `DELETE FROM holds WHERE case_id = $1`

	// due are the cases of which something of a kind is left.
	due = ` FROM cases x LEFT JOIN expired e ON e.case_id = x.id AND e.kind = $3
	WHERE x.account = $1 AND x.resolved_at > 0 AND x.resolved_at < $2 AND x.status = 'resolved' AND x.chat_state NOT IN ('requested', 'in-progress')
	AND coalesce(e.seq, 0) < x.last_seq AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.case_id = x.id)`

	// dueFiles are those of them that have files.
	dueFiles = due + ` AND EXISTS (SELECT 1 FROM files f WHERE f.case_id = x.id AND f.state <> 'erased')`

	selectDue = `SELECT x.id, x.last_seq, coalesce(e.seq, 0)`
	countDue  = `SELECT count(*), CAST(coalesce(sum(x.last_seq - coalesce(e.seq, 0)), 0) AS BIGINT)`
	byAge     = ` ORDER BY x.resolved_at, x.id LIMIT $4`

	selectProgress = `SELECT kind, seq FROM expired WHERE case_id = $1 ORDER BY kind`

	saveProgress = `INSERT INTO expired (case_id, kind, seq) VALUES ($1, $2, $3)
	ON CONFLICT (case_id, kind) DO UPDATE SET seq = excluded.seq`

	hasFile  = `SELECT count(*) FROM files WHERE case_id = $1 AND seq = $2 AND state <> 'erased'`
	markText = `UPDATE correspondence SET what = what || ' ' || $3 WHERE case_id = $1 AND (seq = $2 OR refers = $2 AND kind = 'edit')
	AND ' ' || what || ' ' LIKE '% erased %' AND ' ' || what || ' ' NOT LIKE '% ' || $3 || ' %'`
)

func scanPolicy(r commit.Row) (p keeping.Policy, err error) {
	var only, never string
	var cases, files int64
	if err := r.Scan((*string)(&p.Account), &cases, &files, &p.MaxFile, &only, &never, &p.Hold); err != nil {
		return p, err
	}
	p.Cases, p.Files = int(cases), int(files)
	return p, errors.Join(unlist(only, &p.Only), unlist(never, &p.Never))
}

// Policy returns what an account wants kept.
func (r Reads) Policy(ctx context.Context, account desk.AccountID) (p keeping.Policy, err error) {
	err = one(ctx, r.Keeping, commit.Op{Doing: "policy of", ID: string(account)}, selectPolicy+" WHERE account = $1", []any{string(account)}, func(from commit.Row) error {
		p, err = scanPolicy(from)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		return keeping.Policy{Account: account}, nil
	}
	return p, err
}

// Policies returns those that were saved.
func (r Reads) Policies(ctx context.Context) ([]keeping.Policy, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "all policies"}, selectPolicy+" ORDER BY account", nil, scanPolicy)
}

// SavePolicy adds or replaces what an account wants kept.
func (t Tx) SavePolicy(ctx context.Context, p *keeping.Policy) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "save policy of", ID: string(p.Account)}, savePolicy,
		string(p.Account), int64(p.Cases), int64(p.Files), p.MaxFile, list(p.Only), list(p.Never), p.Hold)
}

func scanHold(r commit.Row) (h keeping.Hold, err error) {
	var at int64
	err = r.Scan((*string)(&h.Case), &h.Reason, (*string)(&h.By.Side), &h.By.ID, &h.By.Name, &at)
	h.At = instant(at)
	return h, err
}

// Hold returns why a case is held.
func (r Reads) Hold(ctx context.Context, id desk.CaseID) (h keeping.Hold, err error) {
	err = one(ctx, r.Keeping, commit.Op{Doing: "hold of", ID: string(id)}, selectHold+" WHERE h.case_id = $1", []any{string(id)}, func(from commit.Row) error {
		h, err = scanHold(from)
		return err
	})
	return h, err
}

// HoldsOf returns holds of an account's cases.
func (r Reads) HoldsOf(ctx context.Context, account desk.AccountID, limit int) ([]keeping.Hold, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "holds of", ID: string(account)},
		selectHold+" JOIN cases x ON x.id = h.case_id WHERE x.account = $1 ORDER BY h.case_id LIMIT $2", []any{string(account), int64(limit)}, scanHold)
}

// HeldOf returns what holds the cases that somebody opened or wrote to.
func (r Reads) HeldOf(ctx context.Context, who desk.PersonID, limit int) ([]keeping.Hold, []keeping.Policy, error) {
	what := commit.Op{Doing: "holds that concern", ID: string(who)}
	holds, err := all(ctx, r.Keeping, what, selectHold+heldOf, []any{string(who), int64(limit)}, scanHold)
	if err != nil {
		return nil, nil, err
	}
	policies, err := all(ctx, r.Keeping, what, selectPolicy+holdsOf, []any{string(who)}, scanPolicy)
	return holds, policies, err
}

// SaveHold adds or replaces a hold.
func (t Tx) SaveHold(ctx context.Context, h *keeping.Hold) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "hold", ID: string(h.Case)}, saveHold,
		string(h.Case), h.Reason, string(h.By.Side), h.By.ID, h.By.Name, micros(h.At))
}

// DropHold ends one.
func (t Tx) DropHold(ctx context.Context, id desk.CaseID) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "let go", ID: string(id)}, dropHold, string(id))
}

func whatIsDue(k keeping.Kind) string {
	if k == keeping.OfFiles {
		return dueFiles
	}
	return due
}

// Due returns cases of which something is to be erased by time.
func (r Reads) Due(ctx context.Context, account desk.AccountID, k keeping.Kind, before time.Time, limit int) ([]keeping.Due, error) {
	args := []any{string(account), micros(before), string(k), int64(limit)}
	return all(ctx, r.Keeping, commit.Op{Doing: "what is due of", ID: string(account)}, selectDue+whatIsDue(k)+byAge, args, func(from commit.Row) (d keeping.Due, err error) {
		err = from.Scan((*string)(&d.Case), &d.LastSeq, &d.Done)
		return d, err
	})
}

// Forecast counts them.
func (r Reads) Forecast(ctx context.Context, account desk.AccountID, k keeping.Kind, before time.Time) (f keeping.Forecast, err error) {
	args := []any{string(account), micros(before), string(k)}
	err = r.Keeping.Query(ctx, commit.Op{Doing: "forecast of", ID: string(account)}, countDue+whatIsDue(k), args, func(from commit.Row) error {
		var cases, entries int64
		err := from.Scan(&cases, &entries)
		f.Cases, f.Entries = int(cases), int(entries)
		return err
	})
	return f, err
}

// Progress says how far the erasing of a case has come.
func (r Reads) Progress(ctx context.Context, id desk.CaseID) ([]keeping.Progress, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "progress of", ID: string(id)}, selectProgress, []any{string(id)}, func(from commit.Row) (p keeping.Progress, err error) {
		p.Case = id
		err = from.Scan((*string)(&p.Kind), &p.Seq)
		return p, err
	})
}

// SaveProgress notes how far the erasing of a case has come.
func (t Tx) SaveProgress(ctx context.Context, p keeping.Progress) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "save progress of", ID: string(p.Case)}, saveProgress, string(p.Case), string(p.Kind), p.Seq)
}

// HasFile reports whether an entry has a file that is not erased.
func (r Reads) HasFile(ctx context.Context, id desk.CaseID, seq int64) (bool, error) {
	n, err := first(ctx, r.Keeping, commit.Op{Doing: "file of", ID: string(id)}, hasFile, string(id), seq)
	return n > 0, err
}

// Mark says of an erased entry and of its edits why they are.
func (t Tx) Mark(ctx context.Context, id desk.CaseID, seq int64, mark string) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "mark in", ID: string(id)}, markText, string(id), seq, mark)
}
