package stored

import (
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	SaveAgent = `INSERT INTO agents (id, email, name, password_hash, role, presence, disabled, created_at, seen_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, password_hash = excluded.password_hash,
	role = excluded.role, presence = excluded.presence, disabled = excluded.disabled,
	seen_at = excluded.seen_at`

	SelectAgent = `SELECT id, email, name, password_hash, role, presence, disabled, created_at, seen_at FROM agents`
)

// AgentArgs are the arguments of SaveAgent.
func AgentArgs(a *desk.Agent) []any {
	return []any{
		string(a.ID), a.Email, a.Name, a.PasswordHash, string(a.Role), string(a.Presence), a.Disabled, Micros(a.CreatedAt), Micros(a.SeenAt),
	}
}

// ScanAgent reads what SelectAgent selects.
func ScanAgent(from commit.Row) (desk.Agent, error) {
	var a desk.Agent
	var id, role, presence string
	var createdAt, seenAt int64
	err := from.Scan(&id, &a.Email, &a.Name, &a.PasswordHash, &role, &presence, &a.Disabled, &createdAt, &seenAt)
	a.ID, a.Role, a.Presence, a.CreatedAt = desk.AgentID(id), desk.Role(role), desk.Presence(presence), Instant(createdAt)
	a.SeenAt = Instant(seenAt)
	return a, err
}
