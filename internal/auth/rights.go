package auth

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// SetRole says what an agent's sign-in may do, from the next page on. With the role
// of an operator the invitations end that they made and know the links of. To take
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
		if a.Role = role; !rights.May(*a, rights.Answer) {
			a.Presence = desk.Away
		}
		return changed
	})
}

// SetDisabled shuts an agent out, which ends their sign-ins and the links with
// which they could choose a password, for good, or lets them in again. An
// operator's own invitations end, too. What they wrote stays theirs. The last operator cannot be shut out.
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
	invitations, err := s.store.Invitations(ctx)
	if err != nil {
		return fmt.Errorf("invitations: %w", err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		now, others, err := store.LockOperators(ctx, tx, all, agent.ID)
		if err != nil {
			return err
		}
		before := now
		if !fn(&now) {
			return nil
		}
		if rights.Operates(before) && !rights.Operates(now) && others == 0 {
			return refuse(desk.ErrConflict, "email", "%s is the last operator. Make somebody else one first.", now.Name)
		}
		if err := tx.SaveAgent(ctx, &now); err != nil {
			return err
		}
		if now.Disabled || now.PasswordHash != before.PasswordHash {
			if err := errors.Join(tx.EndSignIns(ctx, now.ID, ""), dropLinks(ctx, tx, signin.LinksTo(invitations, now.ID))); err != nil {
				return err
			}
		}
		if rights.Operates(before) && !rights.Operates(now) {
			if err := dropLinks(ctx, tx, signin.MadeBy(invitations, all, before)); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, by, did, now, detail)
	})
	if _, ok := errors.AsType[*desk.Refusal](err); err != nil && !ok {
		return fmt.Errorf("change agent %s: %w", agent.ID, err)
	}
	return err
}

// audit notes what was done to an agent.
func (s *Service) audit(ctx context.Context, tx store.Tx, by desk.By, did string, a desk.Agent, detail map[string]string) error {
	said := map[string]string{"agent": a.Email}
	maps.Copy(said, detail)
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: by.Actor, Via: by.Via, What: did, Detail: said})
}
