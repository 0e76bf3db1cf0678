package reports

import (
	"context"
	"errors"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
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
type Reads struct{ Facts Asker }

// A Tx is an update's part.
type Tx struct{ FactsTo Changer }

const (
	unreckoned = `SELECT x.id, x.last_seq, x.revision, x.changed_at FROM cases x LEFT JOIN fact_cases f ON f.case_id = x.id
	WHERE x.changed_at >= $1 AND (f.revision IS NULL OR f.revision < x.revision) ORDER BY x.changed_at, x.id LIMIT $2`

	// One statement, for between two another node may save: facts that are behind
	// their chats would have the same entries added to these once more.
	selectFacts = `SELECT f.facts, f.seq, f.revision, COALESCE(k.facts, '') FROM fact_cases f LEFT JOIN fact_chats k ON k.case_id = f.case_id
	WHERE f.case_id = $1 ORDER BY k.requested_at, k.chat`

	selectTold = `SELECT seq, chat, kind, what, side, author, CASE kind WHEN 'chat' THEN text ELSE '' END, at
	FROM correspondence WHERE case_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`

	// Whoever has come further has all that others can know.
	saveCase = `INSERT INTO fact_cases (case_id, opened_at, answered_at, settled_at, resolved_at, facts, seq, revision)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (case_id) DO UPDATE SET
	answered_at = excluded.answered_at, settled_at = excluded.settled_at, resolved_at = excluded.resolved_at,
	facts = excluded.facts, seq = excluded.seq, revision = excluded.revision WHERE fact_cases.revision < excluded.revision`

	saveChat = `INSERT INTO fact_chats (chat, case_id, requested_at, ended_at, facts, revision) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (chat) DO UPDATE SET ended_at = excluded.ended_at, facts = excluded.facts, revision = excluded.revision
	WHERE fact_chats.revision < excluded.revision`

	eachCase = `SELECT f.facts FROM fact_cases f WHERE (f.opened_at >= $1 AND f.opened_at < $2)
	OR (f.settled_at > 0 AND f.settled_at >= $1 AND f.settled_at < $2) OR (f.resolved_at > 0 AND f.resolved_at >= $1 AND f.resolved_at < $2)`

	unanswered = `SELECT facts FROM fact_cases WHERE answered_at = 0 AND resolved_at = 0 AND opened_at >= $1 AND opened_at < $2
	ORDER BY opened_at DESC, case_id LIMIT $3`

	countUnanswered = `SELECT count(*) FROM (SELECT 1 FROM fact_cases f JOIN cases x ON x.id = f.case_id
	WHERE f.answered_at = 0 AND f.resolved_at = 0 AND f.opened_at < $1 AND x.severity = $2 LIMIT $3) AS found`

	eachChat = `SELECT k.facts FROM fact_chats k
	WHERE (k.requested_at >= $1 AND k.requested_at < $2) OR (k.ended_at > 0 AND k.ended_at >= $1 AND k.ended_at < $2)`
)

// Unreckoned returns the changes of cases that their facts do not know.
func (r Reads) Unreckoned(ctx context.Context, since time.Time, limit int) (all []store.CaseChange, err error) {
	err = r.Facts.Query(ctx, commit.Op{Doing: "cases", ID: "unreckoned"}, unreckoned, []any{micros(since), int64(limit)}, func(row commit.Row) error {
		var c store.CaseChange
		var id string
		var at int64
		err := row.Scan(&id, &c.Seq, &c.Revision, &at)
		c.Case, c.ChangedAt = desk.CaseID(id), instant(at)
		all = append(all, c)
		return err
	})
	return all, err
}

// FactsOf returns what is reckoned of a case.
func (r Reads) FactsOf(ctx context.Context, id desk.CaseID) (f report.Facts, err error) {
	err = r.Facts.Query(ctx, commit.Op{Doing: "facts of", ID: string(id)}, selectFacts, []any{string(id)}, func(row commit.Row) error {
		var of, chat unpacker
		if err := row.Scan(&of.rest, &f.Seq, &f.Revision, &chat.rest); err != nil {
			return err
		}
		f.Case = of.caseFact()
		if chat.rest != "" {
			f.Chats = append(f.Chats, chat.chatFact())
		}
		return errors.Join(of.err, chat.err)
	})
	return f, err
}

// each reads packed facts.
func (r Reads) each(ctx context.Context, which, text string, args []any, fn func(*unpacker) error) error {
	return r.Facts.Query(ctx, commit.Op{Doing: "facts", ID: which}, text, args, func(row commit.Row) error {
		var u unpacker
		if err := row.Scan(&u.rest); err != nil {
			return err
		}
		if err := fn(&u); err != nil {
			return err
		}
		return u.err
	})
}

// Told returns entries of a case's log, as far as facts come from them.
func (r Reads) Told(ctx context.Context, id desk.CaseID, after, last int64, limit int) (all []report.Told, err error) {
	args := []any{string(id), after, last, int64(limit)}
	err = r.Facts.Query(ctx, commit.Op{Doing: "facts in", ID: string(id)}, selectTold, args, func(row commit.Row) error {
		var e report.Told
		var chat, kind, side string
		var at int64
		err := row.Scan(&e.Seq, &chat, &kind, &e.What, &side, &e.Author.ID, &e.Text, &at)
		e.Chat, e.Kind, e.Author.Side, e.At = desk.ChatID(chat), desk.EntryKind(kind), desk.Side(side), instant(at)
		all = append(all, e)
		return err
	})
	return all, err
}

// SaveFacts keeps facts, unless others are kept that go further.
func (t Tx) SaveFacts(ctx context.Context, f *report.Facts) error {
	c := &f.Case
	var packed packer
	packCase(&packed, c)
	of := packed.String()
	err := t.FactsTo.Write(ctx, commit.Op{Doing: "save facts of", ID: string(c.Case)}, saveCase,
		string(c.Case), micros(c.OpenedAt), micros(c.AnsweredAt), micros(c.SettledAt), micros(c.ResolvedAt), of, f.Seq, f.Revision)
	for i := 0; i < len(f.Chats) && err == nil; i++ {
		k := &f.Chats[i]
		var packed packer
		packChat(&packed, k)
		err = t.FactsTo.Write(ctx, commit.Op{Doing: "save facts of", ID: string(k.Chat)}, saveChat,
			string(k.Chat), string(c.Case), micros(k.RequestedAt), micros(k.EndedAt), packed.String()+of, f.Revision)
	}
	return err
}

// EachCase calls fn with the facts of cases of a time.
func (r Reads) EachCase(ctx context.Context, from, to time.Time, fn func(*report.CaseFact) error) error {
	return r.each(ctx, "of cases", eachCase, []any{micros(from), micros(to)}, func(u *unpacker) error {
		c := u.caseFact()
		return fn(&c)
	})
}

// CountUnanswered counts open cases of a severity that no agent has answered.
func (r Reads) CountUnanswered(ctx context.Context, s desk.Severity, before time.Time, limit int) (n int, err error) {
	args := []any{micros(before), string(s), int64(limit)}
	err = r.Facts.Query(ctx, commit.Op{Doing: "count", ID: "cases without an answer"}, countUnanswered, args, func(row commit.Row) error {
		var many int64
		err := row.Scan(&many)
		n = int(many)
		return err
	})
	return n, err
}

// Unanswered returns open cases that no agent has answered.
func (r Reads) Unanswered(ctx context.Context, from, to time.Time, limit int) (all []report.CaseFact, err error) {
	args := []any{micros(from), micros(to), int64(limit)}
	err = r.each(ctx, "of cases without an answer", unanswered, args, func(u *unpacker) error {
		all = append(all, u.caseFact())
		return nil
	})
	return all, err
}

// EachChat calls fn with the facts of chats of a time.
func (r Reads) EachChat(ctx context.Context, from, to time.Time, fn func(*report.ChatFact, *report.CaseFact) error) error {
	return r.each(ctx, "of chats", eachChat, []any{micros(from), micros(to)}, func(u *unpacker) error {
		k := u.chatFact()
		c := u.caseFact()
		return fn(&k, &c)
	})
}
