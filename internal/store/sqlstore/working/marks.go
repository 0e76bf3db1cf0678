package working

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveReadMark = `INSERT INTO read_marks (agent, case_id, seq) VALUES ($1, $2, $3)
	ON CONFLICT (agent, case_id) DO UPDATE SET seq = excluded.seq WHERE read_marks.seq < excluded.seq`
	// An agent has few chats in hand, so this looks at few rows.
	purgeReadMarks = `DELETE FROM read_marks WHERE agent = $1 AND case_id <> $2
	AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = read_marks.case_id AND c.chat_state = $3)`
	selectReadMarks = `SELECT case_id, seq FROM read_marks WHERE agent = $1 ORDER BY case_id`
)

// SaveReadMark notes how far an agent has read a case.
func (t Tx) SaveReadMark(ctx context.Context, m *personal.ReadMark) error {
	what := commit.Op{Doing: "save read mark", ID: string(m.Case)}
	if err := t.WorkingTo.Write(ctx, what, saveReadMark, string(m.Agent), string(m.Case), m.Seq); err != nil {
		return err
	}
	return t.WorkingTo.Write(ctx, what, purgeReadMarks, string(m.Agent), string(m.Case), string(desk.ChatInProgress))
}

// ReadMarks returns how far an agent has read which cases.
func (r Reads) ReadMarks(ctx context.Context, a desk.AgentID) (all []personal.ReadMark, err error) {
	err = r.Working.Query(ctx, commit.Op{Doing: "read marks of agent", ID: string(a)}, selectReadMarks, []any{string(a)}, func(from commit.Row) error {
		m := personal.ReadMark{Agent: a}
		err := from.Scan((*string)(&m.Case), &m.Seq)
		all = append(all, m)
		return err
	})
	return all, err
}
