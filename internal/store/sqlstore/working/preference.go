package working

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store/sqlstore/commit"
)

const (
	savePreference = `INSERT INTO preferences (agent, name, value) VALUES ($1, $2, $3)
	ON CONFLICT (agent, name) DO UPDATE SET value = excluded.value`
	selectPreference  = `SELECT value FROM preferences WHERE agent = $1 AND name = $2`
	selectPreferences = `SELECT name, value FROM preferences WHERE agent = $1 ORDER BY name`
)

// SavePreference adds or replaces what an agent chose for a key.
func (t Tx) SavePreference(ctx context.Context, p *personal.Preference) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "save preference", ID: string(p.Agent)}, savePreference, string(p.Agent), p.Key, p.Value)
}

// Preference returns the value that an agent chose for a key; "" for none.
func (r Reads) Preference(ctx context.Context, a desk.AgentID, key string) (value string, err error) {
	err = r.Working.Query(ctx, commit.Op{Doing: "preference of agent", ID: string(a)}, selectPreference, []any{string(a), key}, func(from commit.Row) error {
		return from.Scan(&value)
	})
	return value, err
}

// Preferences returns all that an agent chose, by key.
func (r Reads) Preferences(ctx context.Context, a desk.AgentID) (all []personal.Preference, err error) {
	err = r.Working.Query(ctx, commit.Op{Doing: "preferences of agent", ID: string(a)}, selectPreferences, []any{string(a)}, func(from commit.Row) error {
		p := personal.Preference{Agent: a}
		err := from.Scan(&p.Key, &p.Value)
		all = append(all, p)
		return err
	})
	return all, err
}
