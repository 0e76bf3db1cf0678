package sqlstore

import (
	"context"
	"errors"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	seeAgent = `UPDATE agents SET seen_at = $2 WHERE id = $1 AND seen_at <= $3`

	lockAgent = stored.SelectAgent + " x WHERE x.id = $1"

	saveSession = `INSERT INTO sessions (token, data, expires) VALUES ($1, $2, $3)
	ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires`
	selectSession = `SELECT data FROM sessions WHERE token = $1 AND expires > $2`
	deleteSession = `DELETE FROM sessions WHERE token = $1`
	purgeSessions = `DELETE FROM sessions WHERE expires <= $1`
)

// LockAgent returns an agent whom no other update can lock until this one
// ends.
func (t *tx) LockAgent(ctx context.Context, id desk.AgentID) (a desk.Agent, err error) {
	what := commit.Op{Doing: "lock agent", ID: string(id)}
	if _, err := t.session.Hold("agent " + string(id)); err != nil {
		return desk.Agent{}, t.note(err)
	}
	skips, text := t.session.NoWait(), lockAgent+t.store.dialect.Lock
	if skips {
		text = lockAgent + t.store.dialect.SkipLocked
	}
	err = one(ctx, t, what, text, []any{string(id)}, func(from commit.Row) (err error) {
		a, err = stored.ScanAgent(from)
		return err
	})
	if skips && errors.Is(err, desk.ErrNotFound) {
		err = t.notThereOrBusy(ctx, what, "SELECT 1 FROM agents WHERE id = $1", string(id))
	}
	return a, err
}

// SaveAgent adds or replaces an agent.
func (t *tx) SaveAgent(ctx context.Context, a *desk.Agent) error {
	t.hints.Agents = true
	return t.write(ctx, commit.Op{Doing: "save agent", ID: string(a.ID)}, stored.SaveAgent, nil, stored.AgentArgs(a)...)
}

// SeeAgent notes that an agent's console was connected. It touches nothing
// that pages would fetch again for.
func (t *tx) SeeAgent(ctx context.Context, id desk.AgentID, at time.Time) error {
	return t.write(ctx, commit.Op{Doing: "see agent", ID: string(id)}, seeAgent, nil, string(id), stored.Micros(at), stored.Micros(at.Add(-desk.SeenEvery)))
}

// SaveSession adds or replaces a sign-in's data. Tokens are secrets: no error
// tells them.
func (t *tx) SaveSession(ctx context.Context, token string, data []byte, expires time.Time) error {
	if data == nil {
		data = []byte{}
	}
	return t.write(ctx, commit.Op{Doing: "save", ID: "session"}, saveSession, nil, token, data, stored.Micros(expires))
}

// DeleteSession ends a sign-in.
func (t *tx) DeleteSession(ctx context.Context, token string) error {
	return t.write(ctx, commit.Op{Doing: "delete", ID: "session"}, deleteSession, nil, token)
}

// PurgeSessions deletes what has expired.
func (t *tx) PurgeSessions(ctx context.Context, before time.Time) error {
	return t.write(ctx, commit.Op{Doing: "purge", ID: "sessions"}, purgeSessions, nil, stored.Micros(before))
}

// Agent returns an agent.
func (r reads) Agent(ctx context.Context, id desk.AgentID) (desk.Agent, error) {
	return r.oneAgent(ctx, commit.Op{Doing: "agent", ID: string(id)}, stored.SelectAgent+" WHERE id = $1", string(id))
}

// AgentByEmail returns the agent who signs in with an address.
func (r reads) AgentByEmail(ctx context.Context, email string) (desk.Agent, error) {
	return r.oneAgent(ctx, commit.Op{Doing: "agent", ID: "by e-mail"}, stored.SelectAgent+" WHERE email = $1", email)
}

func (r reads) oneAgent(ctx context.Context, what commit.Op, text, key string) (a desk.Agent, err error) {
	err = one(ctx, r, what, text, []any{key}, func(from commit.Row) (err error) {
		a, err = stored.ScanAgent(from)
		return err
	})
	return a, err
}

// Agents returns all agents by name.
func (r reads) Agents(ctx context.Context) ([]desk.Agent, error) {
	var agents []desk.Agent
	err := r.query(ctx, commit.Op{Doing: "agents", ID: ""}, stored.SelectAgent+" ORDER BY name, id", nil, func(from commit.Row) error {
		a, err := stored.ScanAgent(from)
		agents = append(agents, a)
		return err
	})
	return agents, err
}

// Session returns a sign-in's data unless it has expired.
func (r reads) Session(ctx context.Context, token string, now time.Time) (data []byte, err error) {
	err = one(ctx, r, commit.Op{Doing: "session", ID: ""}, selectSession, []any{token, stored.Micros(now)}, func(from commit.Row) error {
		return from.Scan(&data)
	})
	return data, err
}
