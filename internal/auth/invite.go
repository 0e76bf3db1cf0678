package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// InvitationPath is where the links of invitations lead, before their secret.
const InvitationPath = signin.LinkPath

// A Letter is what is to be mailed to who is invited.
type Letter struct {
	To, By  string
	Link    string
	Expires time.Time
	New     bool // they are no agent yet
}

// An Invited is an invitation with its link, which is known only now.
type Invited struct {
	signin.Invitation
	Link   string
	Mailed bool
	Mail   error // why it was not mailed, where mail is sent
}

// Invite invites somebody new, by a link that is good once and for a while. An
// earlier link to the same address is good no more.
func (s *Service) Invite(ctx context.Context, by desk.By, email string, role desk.Role) (Invited, error) {
	email = NormalEmail(email)
	if err := errors.Join(checkEmail(email), checkRole(role)); err != nil {
		return Invited{}, err
	}
	if _, err := s.store.AgentByEmail(ctx, email); err == nil {
		return Invited{}, taken(email)
	} else if !errors.Is(err, desk.ErrNotFound) {
		return Invited{}, fmt.Errorf("invite: %w", err)
	}
	return s.invite(ctx, by, signin.Invitation{Email: email, Role: role})
}

// InviteAgain lets an agent choose a new password by a link. Until they do, the
// old one stays.
func (s *Service) InviteAgain(ctx context.Context, by desk.By, a desk.AgentID) (Invited, error) {
	agent, err := s.known(ctx, a)
	if err != nil {
		return Invited{}, err
	}
	if agent.Disabled {
		return Invited{}, refuse(desk.ErrConflict, "email", "%s is shut out. Let them in first.", agent.Name)
	}
	return s.invite(ctx, by, signin.Invitation{Email: agent.Email, Role: agent.Role, Agent: agent.ID})
}

func (s *Service) invite(ctx context.Context, by desk.By, i signin.Invitation) (Invited, error) {
	secret := rand.Text()
	i.ID, i.Hash, i.By, i.Inviter, i.At = rand.Text(), hashOf(secret), by.Actor.Name, desk.AgentID(by.Actor.ID), s.now()
	i.Expires = i.At.Add(signin.Lasts)
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.SaveInvitation(ctx, &i); err != nil {
			return err
		}
		return s.auditInvitation(ctx, tx, by, DidInvite, i)
	})
	if err != nil {
		return Invited{}, fmt.Errorf("invite: %w", err)
	}
	out := Invited{Invitation: i, Link: s.opt.URL + InvitationPath + secret}
	if s.opt.Post != nil {
		out.Mail = s.opt.Post(ctx, Letter{To: i.Email, By: i.By, Link: out.Link, Expires: i.Expires, New: i.Agent == ""})
		out.Mailed = out.Mail == nil
		if out.Invitation.Mailed = signin.MailSent; !out.Mailed {
			out.Invitation.Mailed = signin.MailFailed
		}
		if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.NoteMailed(ctx, i.ID, out.Invitation.Mailed) }); err != nil {
			return Invited{}, fmt.Errorf("note the mail of an invitation: %w", err)
		}
	}
	return out, nil
}

// Mails reports whether links are mailed here.
func (s *Service) Mails() bool { return s.opt.Post != nil }

// Again invites whom an open invitation is for once more, by a new link, and mails
// that. The earlier link is good no more: nobody knows it but who had it.
func (s *Service) Again(ctx context.Context, by desk.By, id string) (Invited, error) {
	all, err := s.store.Invitations(ctx)
	if err != nil {
		return Invited{}, fmt.Errorf("send an invitation again: %w", err)
	}
	for _, i := range all {
		switch {
		case i.ID != id:
		case i.Agent != "":
			return s.InviteAgain(ctx, by, i.Agent)
		default:
			return s.Invite(ctx, by, i.Email, i.Role)
		}
	}
	return Invited{}, noInvitation()
}

// Withdraw makes the link of an invitation good no more.
func (s *Service) Withdraw(ctx context.Context, by desk.By, id string) error {
	all, err := s.store.Invitations(ctx)
	if err != nil {
		return fmt.Errorf("withdraw an invitation: %w", err)
	}
	for _, i := range all {
		if i.ID != id {
			continue
		}
		err := s.store.Update(ctx, func(tx store.Tx) error {
			if _, err := tx.Invitation(ctx, i.Hash); err != nil {
				return err // withdrawn or taken up meanwhile
			}
			if err := tx.DropInvitation(ctx, id); err != nil {
				return err
			}
			return s.auditInvitation(ctx, tx, by, DidWithdraw, i)
		})
		if errors.Is(err, desk.ErrNotFound) {
			return noInvitation()
		}
		return err
	}
	return noInvitation()
}

func noInvitation() error {
	return refuse(desk.ErrNotFound, "", "This invitation is no longer good: it was used, withdrawn, replaced by a newer one, or is too old. Ask an operator for a new one.")
}

func (s *Service) auditInvitation(ctx context.Context, tx store.Tx, by desk.By, did string, i signin.Invitation) error {
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: by.Actor, Via: by.Via, What: did, Detail: map[string]string{"agent": i.Email, "role": string(i.Role)}})
}

// Invitation returns the invitation that a link's secret is for.
func (s *Service) Invitation(ctx context.Context, secret string) (signin.Invitation, error) {
	i, err := s.store.Invitation(ctx, hashOf(secret))
	if errors.Is(err, desk.ErrNotFound) || err == nil && !s.now().Before(i.Expires) {
		return signin.Invitation{}, noInvitation()
	}
	if err != nil {
		return signin.Invitation{}, fmt.Errorf("find an invitation: %w", err)
	}
	return i, nil
}

// Accept takes an invitation up: somebody new becomes an agent with a name and a
// password, and an agent gets a new password. They are then signed in, or at the
// step that comes next.
func (s *Service) Accept(w http.ResponseWriter, r *http.Request, secret, name, password string) (Step, error) {
	ctx := r.Context()
	if s.opt.NoPasswords {
		return "", refuse(desk.ErrForbidden, "password", "Passwords are switched off here. Sign in with %s.", s.ElsewhereName())
	}
	i, err := s.Invitation(ctx, secret)
	if err != nil {
		return "", err
	}
	agent, err := s.invitee(ctx, i, name)
	if err != nil {
		return "", err
	}
	if err := errors.Join(checkName(agent.Name), checkPassword(password, agent.Email, agent.Name)); err != nil {
		return "", err
	}
	if wait := s.throttle.try(s.now(), map[string]limit{"address:" + s.address(r): addressLimit()}); wait > 0 {
		return "", &Throttled{Wait: wait}
	}
	if agent.PasswordHash, err = s.hasher.hash(ctx, password); err != nil {
		return "", fmt.Errorf("accept an invitation: %w", err)
	}
	if agent, err = s.accept(ctx, i, agent); err != nil {
		return "", err
	}
	return s.enter(w, r, agent)
}

// invitee is who takes an invitation up: an agent who is there, or a new one.
func (s *Service) invitee(ctx context.Context, i signin.Invitation, name string) (desk.Agent, error) {
	if i.Agent == "" {
		return desk.Agent{
			ID: newAgentID(), Email: i.Email, Name: strings.Join(strings.Fields(name), " "), Role: i.Role, Presence: desk.Away, CreatedAt: s.now(),
		}, nil
	}
	agent, err := s.store.Agent(ctx, i.Agent)
	if errors.Is(err, desk.ErrNotFound) || err == nil && agent.Disabled {
		return agent, noInvitation()
	}
	if err != nil {
		return agent, fmt.Errorf("load agent %s: %w", i.Agent, err)
	}
	return agent, nil
}

// accept uses an invitation up and saves who took it up. An agent who is there
// gets the password only.
func (s *Service) accept(ctx context.Context, i signin.Invitation, agent desk.Agent) (saved desk.Agent, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		saved = agent
		if i.Agent != "" {
			now, err := tx.LockAgent(ctx, i.Agent)
			if err != nil {
				return err
			}
			if now.Disabled {
				return noInvitation()
			}
			now.PasswordHash = agent.PasswordHash
			saved = now
		}
		if _, err := tx.Invitation(ctx, i.Hash); err != nil {
			return err
		}
		if err := errors.Join(tx.DropInvitation(ctx, i.ID), tx.SaveAgent(ctx, &saved), tx.EndSignIns(ctx, saved.ID, "")); err != nil {
			return err
		}
		return s.auditInvitation(ctx, tx, themselves(saved), DidAccept, i)
	})
	if errors.Is(err, desk.ErrNotFound) || errors.Is(err, desk.ErrConflict) { // somebody was faster
		return saved, noInvitation()
	}
	if err != nil {
		return saved, fmt.Errorf("accept an invitation: %w", err)
	}
	return saved, nil
}

func dropLinks(ctx context.Context, tx store.Tx, links []signin.Invitation) error {
	for _, i := range links {
		if err := tx.DropInvitation(ctx, i.ID); err != nil {
			return err
		}
	}
	return nil
}

// known returns an agent, or refuses.
func (s *Service) known(ctx context.Context, id desk.AgentID) (desk.Agent, error) {
	a, err := s.store.Agent(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return a, refuse(desk.ErrNotFound, "", "There is no such agent.")
	}
	if err != nil {
		return a, fmt.Errorf("load agent %s: %w", id, err)
	}
	return a, nil
}
