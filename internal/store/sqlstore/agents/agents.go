package agents

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
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
type Reads struct{ Agency Asker }

// A Tx is an update's part.
type Tx struct{ AgencyTo Changer }

const (
	seeAgent = `UPDATE agents SET seen_at = $2 WHERE id = $1 AND seen_at <= $3`

	saveSession = `INSERT INTO sessions (token, data, expires) VALUES ($1, $2, $3)
	ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires`
	selectSession = `SELECT data FROM sessions WHERE token = $1 AND expires > $2`
	deleteSession = `DELETE FROM sessions WHERE token = $1`
	purgeSessions = `DELETE FROM sessions WHERE expires <= $1`
)

// SeeAgent notes that an agent's console was connected. It touches nothing
// that pages would fetch again for.
func (t Tx) SeeAgent(ctx context.Context, id desk.AgentID, at time.Time) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "see agent", ID: string(id)}, seeAgent, string(id), stored.Micros(at), stored.Micros(at.Add(-desk.SeenEvery)))
}

// SaveSession adds or replaces a sign-in's data. Tokens are secrets: no error
// tells them.
func (t Tx) SaveSession(ctx context.Context, token string, data []byte, expires time.Time) error {
	if data == nil {
		data = []byte{}
	}
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "save", ID: "session"}, saveSession, token, data, stored.Micros(expires))
}

// DeleteSession ends a sign-in.
func (t Tx) DeleteSession(ctx context.Context, token string) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "delete", ID: "session"}, deleteSession, token)
}

// PurgeSessions deletes what has expired.
func (t Tx) PurgeSessions(ctx context.Context, before time.Time) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "purge", ID: "sessions"}, purgeSessions, stored.Micros(before))
}

// Agent returns an agent.
func (r Reads) Agent(ctx context.Context, id desk.AgentID) (desk.Agent, error) {
	return r.agent(ctx, commit.Op{Doing: "agent", ID: string(id)}, stored.SelectAgent+" WHERE id = $1", string(id))
}

// AgentByEmail returns the agent who signs in with an address.
func (r Reads) AgentByEmail(ctx context.Context, email string) (desk.Agent, error) {
	return r.agent(ctx, commit.Op{Doing: "agent", ID: "by e-mail"}, stored.SelectAgent+" WHERE email = $1", email)
}

func (r Reads) agent(ctx context.Context, what commit.Op, text, key string) (a desk.Agent, err error) {
	err = one(ctx, r.Agency, what, text, []any{key}, func(from commit.Row) (err error) {
		a, err = stored.ScanAgent(from)
		return err
	})
	return a, err
}

// Agents returns all agents by name.
func (r Reads) Agents(ctx context.Context) ([]desk.Agent, error) {
	var agents []desk.Agent
	err := r.Agency.Query(ctx, commit.Op{Doing: "agents", ID: ""}, stored.SelectAgent+" ORDER BY name, id", nil, func(from commit.Row) error {
		a, err := stored.ScanAgent(from)
		agents = append(agents, a)
		return err
	})
	return agents, err
}

// Session returns a sign-in's data unless it has expired.
func (r Reads) Session(ctx context.Context, token string, now time.Time) (data []byte, err error) {
	err = one(ctx, r.Agency, commit.Op{Doing: "session", ID: ""}, selectSession, []any{token, stored.Micros(now)}, func(from commit.Row) error {
		return from.Scan(&data)
	})
	return data, err
}

// one reads the one row that a query finds, or returns desk.ErrNotFound.
func one(ctx context.Context, q Asker, what commit.Op, text string, args []any, scan func(commit.Row) error) error {
	found := false
	err := q.Query(ctx, what, text, args, func(from commit.Row) error {
		found = true
		return scan(from)
	})
	if err == nil && !found {
		return what.Wrap(desk.ErrNotFound)
	}
	return err
}
