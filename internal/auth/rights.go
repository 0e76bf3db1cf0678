package auth

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// SetRole says what an agent's sign-in may do, from the next page on. To take
// the role of the last operator is refused: nobody could give it back.
func (s *Service) SetRole(ctx context.Context, by desk.By, email string, role desk.Role) error {
	if err := checkRole(role); err != nil {
		return err
	}
	agent, err := s.Named(ctx, email)
	if err != nil {
		return err
	}
	return s.change(ctx, by, agent, desk.DidSetRole, map[string]string{"role": string(role)}, func(a *desk.Agent) bool {
		changed := a.Role != role
		a.Role = role
		return changed
	})
}

// SetDisabled shuts an agent out, which ends their sign-ins, or lets them in
// again. What they wrote stays theirs. The last operator cannot be shut out.
func (s *Service) SetDisabled(ctx context.Context, by desk.By, email string, disabled bool) error {
	agent, err := s.Named(ctx, email)
	if err != nil {
		return err
	}
	did := desk.DidEnable
	if disabled {
		did = desk.DidDisable
	}
	return s.change(ctx, by, agent, did, nil, func(a *desk.Agent) bool {
		changed := a.Disabled != disabled
		if a.Disabled = disabled; disabled {
			a.Presence = desk.Away
		}
		return changed
	})
}

// Named returns the agent who signs in with an address, or refuses.
func (s *Service) Named(ctx context.Context, email string) (desk.Agent, error) {
	agent, err := s.store.AgentByEmail(ctx, NormalEmail(email))
	if errors.Is(err, desk.ErrNotFound) {
		return agent, refuse(desk.ErrNotFound, "email", "No agent has the address %s.", clip(NormalEmail(email), 80))
	}
	if err != nil {
		return agent, fmt.Errorf("find agent: %w", err)
	}
	return agent, nil
}

// change changes an agent and has it audited. fn reports whether there was
// anything to change.
func (s *Service) change(ctx context.Context, by desk.By, agent desk.Agent, did string, detail map[string]string, fn func(*desk.Agent) bool) error {
	all, err := s.store.Agents(ctx)
	if err != nil {
		return fmt.Errorf("agents: %w", err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		now, others, err := lockOperators(ctx, tx, all, agent.ID)
		if err != nil {
			return err
		}
		was := operates(now)
		if !fn(&now) {
			return nil
		}
		if was && !operates(now) && others == 0 {
			return refuse(desk.ErrConflict, "email", "%s is the last operator. Make somebody else one first.", now.Name)
		}
		if err := tx.SaveAgent(ctx, &now); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, did, now, detail)
	})
	if _, ok := errors.AsType[*desk.Refusal](err); err != nil && !ok {
		return fmt.Errorf("change agent %s: %w", agent.ID, err)
	}
	return err
}

// lockOperators locks an agent and all who operate, in the order of the list, and
// returns the agent as they are now and how many others operate. Two who take
// each other's role so come one after the other.
func lockOperators(ctx context.Context, tx store.Tx, all []desk.Agent, id desk.AgentID) (now desk.Agent, others int, err error) {
	for _, a := range all {
		if a.ID != id && !operates(a) {
			continue
		}
		locked, err := tx.LockAgent(ctx, a.ID)
		if err != nil {
			return now, 0, err
		}
		switch {
		case a.ID == id:
			now = locked
		case operates(locked):
			others++
		}
	}
	return now, others, nil
}

func operates(a desk.Agent) bool { return a.Role == desk.RoleOperator && !a.Disabled }

// audit notes what was done to an agent.
func (s *Service) audit(ctx context.Context, tx store.Tx, by desk.By, did string, a desk.Agent, detail map[string]string) error {
	said := map[string]string{"agent": a.Email}
	maps.Copy(said, detail)
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: by.Actor, Via: by.Via, What: did, Detail: said})
}
