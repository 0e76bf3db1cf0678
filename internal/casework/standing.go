package casework

import (
	"context"
	"fmt"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Reopen is somebody's wish to open a resolved case again.
type Reopen struct {
	Target
	By     desk.Actor
	Origin desk.Origin
}

// Reopen opens a resolved case again. changed is false when it is open. When
// too long has passed it is refused with desk.ErrTooLate. A chat that is asked
// for later comes back to the place the case has.
func (s *Service) Reopen(ctx context.Context, r Reopen) (c desk.Case, changed bool, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if c, err = lock(ctx, tx, r.Target); err != nil {
			return err
		}
		changed, err = s.reopen(ctx, tx, &c, r.By, r.Origin)
		return err
	})
	if err != nil {
		return desk.Case{}, false, fmt.Errorf("reopen case %s: %w", c.ID, err)
	}
	return c, changed, nil
}

func (s *Service) reopen(ctx context.Context, tx store.Tx, c *desk.Case, by desk.Actor, origin desk.Origin) (changed bool, err error) {
	entry, changed, err := c.Reopen(by, s.reopenWithin, origin, s.now())
	if err != nil || !changed {
		return false, err
	}
	if err := steps.NoteActor(ctx, tx, by); err != nil {
		return false, err
	}
	return true, s.told(ctx, tx, c, entry)
}

// SetSeverity is an agent's wish to change a case's severity.
type SetSeverity struct {
	Case     desk.CaseID
	By       desk.Agent
	Severity desk.Severity
	Origin   desk.Origin
}

// SetSeverity changes how severe a case is. Setting what it is changes
// nothing.
func (s *Service) SetSeverity(ctx context.Context, w SetSeverity) (desk.Case, error) {
	c, err := s.chatStep(ctx, w.Case, func(_ store.Tx, c *desk.Case) (desk.Correspondence, bool, error) {
		return c.SetSeverity(desk.ByAgent(w.By), w.Severity, w.Origin, s.now())
	})
	if err != nil {
		return desk.Case{}, fmt.Errorf("set severity of case %s: %w", w.Case, err)
	}
	return c, nil
}

// Waits has the pages of a case drawn anew, because Slack's limits keep words of
// it back, which their deliveries say.
func (s *Service) Waits(ctx context.Context, id desk.CaseID) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		c.Touch(s.now())
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("tell that words of case %s wait: %w", id, err)
	}
	return nil
}
