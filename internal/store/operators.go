package store

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/rights"
)

// LockOperators locks an agent and all who operate, in the order of a list of all
// agents, and returns the agent as they are now and how many others operate. Two
// who would take each other's role, or each other's name, so come one after the
// other, and one operator is left.
func LockOperators(ctx context.Context, tx interface {
	LockAgent(ctx context.Context, id desk.AgentID) (desk.Agent, error)
}, all []desk.Agent, id desk.AgentID,
) (now desk.Agent, others int, err error) {
	for _, a := range all {
		if a.ID != id && !rights.Operates(a) {
			continue
		}
		locked, err := tx.LockAgent(ctx, a.ID)
		if err != nil {
			return now, 0, err
		}
		switch {
		case a.ID == id:
			now = locked
		case rights.Operates(locked):
			others++
		}
	}
	return now, others, nil
}
