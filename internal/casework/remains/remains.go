package remains

import (
	"context"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// Ratings are what people said of chats. They are a holder of package forgetting.
type Ratings struct{}

// Name is "ratings".
func (Ratings) Name() string { return "ratings" }

// Erase forgets all that somebody said.
func (Ratings) Erase(ctx context.Context, tx store.Tx, who keeping.Names, _ string) (next string, done bool, c keeping.Counts, err error) {
	if who.Agent != "" {
		return "", true, nil, nil
	}
	n, err := tx.DropRatings(ctx, who.ID)
	return "", true, keeping.Counts{"ratings": n}, err
}

// OfAgents is what agents keep, what lets them in, and their places in teams. It
// is a holder of package forgetting.
type OfAgents struct{}

// Name is "agents".
func (OfAgents) Name() string { return "agents" }

// Erase takes an agent out of all of it.
func (OfAgents) Erase(ctx context.Context, tx store.Tx, who keeping.Names, _ string) (next string, done bool, c keeping.Counts, err error) {
	if who.Agent == "" {
		return "", true, nil, nil
	}
	teams, err := tx.Teams(ctx)
	if err != nil {
		return "", false, nil, err
	}
	for _, t := range teams {
		left := slices.DeleteFunc(slices.Clone(t.Members), func(a desk.AgentID) bool { return a == who.Agent })
		if len(left) == len(t.Members) {
			continue
		}
		t.Members = left
		if err := tx.SaveTeam(ctx, &t); err != nil {
			return "", false, nil, err
		}
	}
	return "", true, nil, tx.ForgetAgent(ctx, who, keeping.FormerAgent)
}

// OfCases is what is kept about cases. It is a part of package retention.
type OfCases struct{}

// EraseCase takes it all, but for the scores that chats were given.
func (OfCases) EraseCase(ctx context.Context, tx store.Tx, id desk.CaseID) (keeping.Counts, error) {
	n, err := tx.ForgetCase(ctx, id)
	return keeping.Counts{"remarks": n}, err
}
