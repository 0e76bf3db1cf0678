package working

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveJotting = `INSERT INTO jottings (agent, case_id, kind, body, revision) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (agent, case_id) DO UPDATE SET kind = excluded.kind, body = excluded.body, revision = excluded.revision
	WHERE jottings.revision <= excluded.revision`
	dropJotting   = `DELETE FROM jottings WHERE agent = $1 AND case_id = $2 AND revision <= $3`
	selectJotting = `SELECT kind, body, revision FROM jottings WHERE agent = $1 AND case_id = $2`

	saveCanned = `INSERT INTO canned (id, name, agent, team, body, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, agent = excluded.agent, team = excluded.team, body = excluded.body,
		changed_at = excluded.changed_at`
	dropCanned     = `DELETE FROM canned WHERE id = $1`
	selectCanned   = `SELECT id, name, agent, team, body, changed_at FROM canned WHERE agent = '' OR agent = $1 ORDER BY name, agent, team`
	selectOneReply = `SELECT id, name, agent, team, body, changed_at FROM canned WHERE id = $1`

	saveMention    = `INSERT INTO mentions (agent, case_id, seq) VALUES ($1, $2, $3) ON CONFLICT (agent, case_id, seq) DO NOTHING`
	dropMentions   = `DELETE FROM mentions WHERE agent = $1 AND case_id = $2`
	selectMentions = `SELECT case_id, seq FROM mentions WHERE agent = $1 ORDER BY case_id, seq LIMIT $2`
)

// SaveJotting adds or replaces what an agent has typed for a case, unless what is
// there has a later revision.
func (t Tx) SaveJotting(ctx context.Context, j *personal.Jotting) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "save jotting", ID: string(j.Case)}, saveJotting, string(j.Agent), string(j.Case), j.Kind, j.Text, j.Revision)
}

// DropJotting forgets it, unless what is there has a revision above last.
func (t Tx) DropJotting(ctx context.Context, a desk.AgentID, id desk.CaseID, last int64) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "drop jotting", ID: string(id)}, dropJotting, string(a), string(id), last)
}

// Jotting returns what an agent has typed for a case.
func (r Reads) Jotting(ctx context.Context, a desk.AgentID, id desk.CaseID) (personal.Jotting, error) {
	j := personal.Jotting{Agent: a, Case: id}
	err := r.Working.Query(ctx, commit.Op{Doing: "jotting", ID: string(id)}, selectJotting, []any{string(a), string(id)}, func(from commit.Row) error {
		return from.Scan(&j.Kind, &j.Text, &j.Revision)
	})
	return j, err
}

// SaveCanned adds or replaces a reply.
func (t Tx) SaveCanned(ctx context.Context, c *personal.Canned) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "save canned reply", ID: string(c.ID)}, saveCanned,
		string(c.ID), c.Name, string(c.Agent), string(c.Team), c.Text, c.ChangedAt.UnixMicro())
}

// Canned is the reader's, inside the update.
func (t Tx) Canned(ctx context.Context, id personal.CannedID) (personal.Canned, error) {
	return Reads{t.WorkingTo}.Canned(ctx, id)
}

// DropCanned forgets a reply.
func (t Tx) DropCanned(ctx context.Context, id personal.CannedID) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "drop canned reply", ID: string(id)}, dropCanned, string(id))
}

// CannedReplies returns those of everybody and of all teams, and an agent's own.
func (r Reads) CannedReplies(ctx context.Context, a desk.AgentID) ([]personal.Canned, error) {
	return r.canned(ctx, commit.Op{Doing: "canned replies of agent", ID: string(a)}, selectCanned, string(a))
}

// Canned returns a reply.
func (r Reads) Canned(ctx context.Context, id personal.CannedID) (personal.Canned, error) {
	all, err := r.canned(ctx, commit.Op{Doing: "canned reply", ID: string(id)}, selectOneReply, string(id))
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("canned reply %s: %w", id, desk.ErrNotFound)
	}
	if err != nil {
		return personal.Canned{}, err
	}
	return all[0], nil
}

func (r Reads) canned(ctx context.Context, what commit.Op, text, arg string) (all []personal.Canned, err error) {
	err = r.Working.Query(ctx, what, text, []any{arg}, func(from commit.Row) error {
		var c personal.Canned
		var changed int64
		err := from.Scan((*string)(&c.ID), &c.Name, (*string)(&c.Agent), (*string)(&c.Team), &c.Text, &changed)
		c.ChangedAt = time.UnixMicro(changed).UTC()
		all = append(all, c)
		return err
	})
	return all, err
}

// SaveMention notes that an agent is named in a note.
func (t Tx) SaveMention(ctx context.Context, m *personal.Mention) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "save mention", ID: string(m.Case)}, saveMention, string(m.Agent), string(m.Case), m.Seq)
}

// DropMentions forgets those of an agent in a case.
func (t Tx) DropMentions(ctx context.Context, a desk.AgentID, id desk.CaseID) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "drop mentions", ID: string(id)}, dropMentions, string(a), string(id))
}

// Mentions returns where an agent is named in notes.
func (r Reads) Mentions(ctx context.Context, a desk.AgentID, limit int) (all []personal.Mention, err error) {
	err = r.Working.Query(ctx, commit.Op{Doing: "mentions of agent", ID: string(a)}, selectMentions, []any{string(a), int64(limit)}, func(from commit.Row) error {
		m := personal.Mention{Agent: a}
		err := from.Scan((*string)(&m.Case), &m.Seq)
		all = append(all, m)
		return err
	})
	return all, err
}
