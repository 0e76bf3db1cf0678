package rosters

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
)

// What the audit says of it.
const (
	DidAddTeam    = "team-added"
	DidChangeTeam = "team-changed"
	DidRemoveTeam = "team-removed"
	DidSeat       = "agent-seat" // what an agent takes on
)

// A Service runs the use cases. It may be used by many goroutines.
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s; now tells the time, by default the system clock.
func New(s store.Store, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// SaveTeam makes a team, or changes the one with its ID. The team that is made gets
// an ID.
func (s *Service) SaveTeam(ctx context.Context, by desk.By, t roster.Team) (roster.Team, error) {
	return s.ChangeTeam(ctx, by, t, nil)
}

// ChangeTeam is SaveTeam for who decided with a team in view: still says whether one
// is that. When it is another by now, nothing changes.
func (s *Service) ChangeTeam(ctx context.Context, by desk.By, t roster.Team, still func(roster.Team) bool) (roster.Team, error) {
	if err := t.Check(); err != nil {
		return t, err
	}
	fresh := t.ID == ""
	if fresh {
		t.ID = roster.TeamID("team-" + strings.ToLower(rand.Text()))
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		teams, err := tx.Teams(ctx)
		if err != nil {
			return err
		}
		for _, other := range teams {
			if still != nil && other.ID == t.ID && !still(other) {
				return steps.Meanwhile()
			}
			if other.ID != t.ID && strings.EqualFold(other.Name, t.Name) {
				return taken(t.Name)
			}
		}
		what, known := DidAddTeam, slices.ContainsFunc(teams, func(other roster.Team) bool { return other.ID == t.ID })
		if !fresh {
			if what = DidChangeTeam; !known {
				return gone()
			}
		}
		if err := tx.SaveTeam(ctx, &t); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, what, map[string]string{"team": t.Name, "members": strconv.Itoa(len(t.Members)), "skills": skills(t.Skills)})
	})
	if why, ok := errors.AsType[*desk.Refusal](err); ok {
		return t, why
	}
	if errors.Is(err, desk.ErrConflict) {
		return t, taken(t.Name) // in the same moment
	}
	if err != nil {
		return t, fmt.Errorf("save team %s: %w", t.ID, err)
	}
	return t, nil
}

func taken(name string) error {
	return &desk.Refusal{Kind: desk.ErrConflict, Field: "name", Message: "There is a team called “" + name + "” already. Choose another name."}
}

func gone() error {
	return &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such team any more. Somebody may have removed it."}
}

// RemoveTeam takes a team away. When it is gone already, nothing changes.
func (s *Service) RemoveTeam(ctx context.Context, by desk.By, id roster.TeamID) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		teams, err := tx.Teams(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(teams, func(t roster.Team) bool { return t.ID == id })
		if i < 0 {
			return nil
		}
		if err := tx.DropTeam(ctx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, DidRemoveTeam, map[string]string{"team": teams[i].Name})
	})
	if err != nil {
		return fmt.Errorf("remove team %s: %w", id, err)
	}
	return nil
}

// SaveSeat says what an agent takes on.
func (s *Service) SaveSeat(ctx context.Context, by desk.By, seat roster.Seat) error {
	if err := seat.Check(); err != nil {
		return err
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		a, err := tx.LockAgent(ctx, seat.Agent)
		if err != nil {
			return err
		}
		if err := tx.SaveSeat(ctx, &seat); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, DidSeat, map[string]string{"agent": a.Email, "capacity": strconv.Itoa(seat.Holds()), "skills": skills(seat.Skills)})
	})
	if err != nil {
		return fmt.Errorf("save the seat of agent %s: %w", seat.Agent, err)
	}
	return nil
}

// skills are skills in one line, for the audit; empty for all.
func skills(s roster.Skills) string {
	return strings.Join(slices.Concat(s.Services, s.Categories, s.Languages), ", ")
}

func (s *Service) audit(ctx context.Context, tx store.Tx, by desk.By, what string, detail map[string]string) error {
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: by.Actor, Via: by.Via, What: what, Detail: detail})
}
