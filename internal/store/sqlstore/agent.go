package sqlstore

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const lockAgent = stored.SelectAgent + " x WHERE x.id = $1"

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
