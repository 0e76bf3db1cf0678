package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// ChangePassword gives the reader a new password if they know the old one. Their
// other sign-ins end, as do links with which they could choose one, and this one
// gets a new token.
func (s *Service) ChangePassword(w http.ResponseWriter, r *http.Request, old, password string) error {
	ctx := r.Context()
	a, err := s.Agent(ctx)
	if err != nil {
		return err
	}
	if err := s.knows(r, a, old); err != nil {
		return err
	}
	if err := checkPassword(password, a.Email, a.Name); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("change password of agent %s: %w", a.ID, err)
	}
	in := s.Current(ctx)
	invitations, err := s.store.Invitations(ctx)
	if err != nil {
		return fmt.Errorf("invitations of agent %s: %w", a.ID, err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		now, err := tx.LockAgent(ctx, a.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != a.PasswordHash {
			return refuse(desk.ErrConflict, "old", "Your password was changed a moment ago. Sign in again.")
		}
		now.PasswordHash = hash
		if err := errors.Join(tx.SaveAgent(ctx, &now), tx.EndSignIns(ctx, a.ID, in), dropLinks(ctx, tx, signin.LinksTo(invitations, a.ID))); err != nil {
			return err
		}
		return s.audit(ctx, tx, themselves(a), desk.DidSetPassword, a, nil)
	})
	if _, ok := errors.AsType[*desk.Refusal](err); ok {
		return err
	}
	if err != nil {
		return fmt.Errorf("change password of agent %s: %w", a.ID, err)
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew the session of agent %s: %w", a.ID, err)
	}
	a.PasswordHash = hash
	s.sessions.Put(ctx, keyProof, proof(a))
	return s.keep(w, r)
}

// knows refuses whoever does not know an agent's password; tries count as those of
// signing in do.
func (s *Service) knows(r *http.Request, a desk.Agent, password string) error {
	if a.PasswordHash == "" {
		return refuse(desk.ErrConflict, "old", "You have no password: you sign in with %s. Ask an operator for a link to choose one.", s.ElsewhereName())
	}
	pair := "pair:" + s.address(r) + " " + a.Email
	if wait := s.throttle.try(s.now(), map[string]limit{pair: pairLimit(), "email:" + a.Email: emailLimit()}); wait > 0 {
		return &Throttled{Wait: wait}
	}
	keys := s.passwordKeys(r, a.ID)
	known, err := s.slowed(r.Context(), keys)
	if err != nil {
		return err
	}
	ok, err := s.hasher.verify(r.Context(), a.PasswordHash, clip(password, MaxPassword+1))
	if err != nil {
		return fmt.Errorf("check password: %w", err)
	}
	if !ok {
		if err := s.miss(r.Context(), keys); err != nil {
			return err
		}
		return refuse(desk.ErrForbidden, "old", "That is not your password.")
	}
	s.throttle.forget(pair)
	return s.forgive(r.Context(), known, s.pairOf(r, a.ID))
}

// SignIns returns an agent's sign-ins, those that were used last first.
func (s *Service) SignIns(ctx context.Context, a desk.AgentID) ([]signin.Session, error) {
	return s.store.SignInsOf(ctx, a, s.now())
}

// EndSignIn ends one sign-in of an agent, or with an empty id all of theirs but
// the one that ctx is of.
func (s *Service) EndSignIn(ctx context.Context, by desk.By, a desk.AgentID, id string) error {
	agent, err := s.known(ctx, a)
	if err != nil {
		return err
	}
	detail := map[string]string{"which": "all others"}
	if by.Actor.ID != string(a) {
		detail["which"] = "all"
	}
	if id != "" {
		in, err := s.store.SignIn(ctx, id, s.now())
		if errors.Is(err, desk.ErrNotFound) || err == nil && in.Agent != a {
			return nil // it has ended already
		}
		if err != nil {
			return fmt.Errorf("end a sign-in of agent %s: %w", a, err)
		}
		detail["which"] = strings.Join(strings.Fields(in.Browser+" "+in.Device+" "+in.Address), " ")
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		_, err := tx.LockAgent(ctx, a) // against whoever changes the sign-in that ends
		if err != nil {
			return err
		}
		if id == "" {
			err = tx.EndSignIns(ctx, a, s.Current(ctx))
		} else {
			err = tx.EndSignIn(ctx, a, id)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, DidEndSignIns, agent, detail)
	})
	if err != nil {
		return fmt.Errorf("end sign-ins of agent %s: %w", a, err)
	}
	return nil
}

// HasFactor reports whether an agent has a second factor, and how many recovery
// codes are left of it.
func (s *Service) HasFactor(ctx context.Context, a desk.AgentID) (has bool, left int, err error) {
	f, err := s.store.Factor(ctx, a)
	if errors.Is(err, desk.ErrNotFound) {
		return false, 0, nil
	}
	if err != nil {
		return false, 0, fmt.Errorf("second factor of agent %s: %w", a, err)
	}
	return true, len(f.Spare), nil
}

// RemoveFactor takes an agent's second factor away and ends their sign-ins. It is
// what an operator does for somebody who has lost it.
func (s *Service) RemoveFactor(ctx context.Context, by desk.By, a desk.AgentID) error {
	agent, err := s.known(ctx, a)
	if err != nil {
		return err
	}
	return s.dropFactor(ctx, by, agent, "")
}

// DropFactor has the reader do without their second factor, if they may and know
// their password.
func (s *Service) DropFactor(r *http.Request, password string) error {
	a, err := s.Agent(r.Context())
	if err != nil {
		return err
	}
	if s.mustHaveFactor(a) {
		return refuse(desk.ErrConflict, "old", "You may not do without a second factor here.")
	}
	if err := s.knows(r, a, password); err != nil {
		return err
	}
	return s.dropFactor(r.Context(), themselves(a), a, s.Current(r.Context()))
}

func (s *Service) dropFactor(ctx context.Context, by desk.By, a desk.Agent, but string) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.LockAgent(ctx, a.ID); err != nil {
			return err
		}
		if err := errors.Join(tx.DropFactor(ctx, a.ID), tx.EndSignIns(ctx, a.ID, but)); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, DidRemoveFactor, a, nil)
	})
	if err != nil {
		return fmt.Errorf("remove second factor of agent %s: %w", a.ID, err)
	}
	return nil
}

// RenewSpare gives the reader new recovery codes in the place of the old ones, for
// a code of their program.
func (s *Service) RenewSpare(r *http.Request, typed string) (codes []string, err error) {
	ctx := r.Context()
	a, err := s.Agent(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.useCode(r, a, typed); err != nil {
		return nil, err
	}
	codes, hashes := newSpare()
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.LockAgent(ctx, a.ID); err != nil {
			return err
		}
		f, err := tx.Factor(ctx, a.ID)
		if err != nil {
			return err
		}
		f.Spare = hashes
		if err := tx.SaveFactor(ctx, &f); err != nil {
			return err
		}
		return s.audit(ctx, tx, themselves(a), DidRenewSpare, a, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("renew recovery codes of agent %s: %w", a.ID, err)
	}
	return codes, nil
}

// Rename gives an agent another name, which customers see from then on.
func (s *Service) Rename(ctx context.Context, by desk.By, a desk.AgentID, name string) error {
	name = strings.Join(strings.Fields(name), " ")
	if err := checkName(name); err != nil {
		return err
	}
	agent, err := s.known(ctx, a)
	if err != nil {
		return err
	}
	return s.change(ctx, by, agent, DidRename, map[string]string{"from": agent.Name, "to": name}, func(now *desk.Agent) bool {
		changed := now.Name != name
		now.Name = name
		return changed
	})
}
