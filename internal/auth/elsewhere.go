package auth

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// The ways in which another server does not help.
var (
	ErrElsewhereDown  = errors.New("the identity provider did not answer")
	ErrElsewhereWrong = errors.New("the identity provider's answer is not to be believed")
)

// A Flow is what must come back with somebody who is sent elsewhere.
type Flow struct{ State, Once, Verifier string }

// Somebody is who another server says that somebody is.
type Somebody struct {
	Issuer, Subject string
	Email           string
	Verified        bool // the address is theirs
	Name            string
	Roles           []string
	HasRoles        bool // the server says which roles they have
}

// Elsewhere is another server that says who somebody is. Errors wrap
// ErrElsewhereDown or ErrElsewhereWrong.
type Elsewhere interface {
	// Begin returns where to send somebody, and what must come back with them.
	Begin(ctx context.Context) (address string, f Flow, err error)
	// Finish returns who came back with a code; issuer is who says so, if that
	// came with it.
	Finish(ctx context.Context, f Flow, code, issuer string) (Somebody, error)
}

// Trust says how far another server is believed.
type Trust struct {
	Name   string    // what people call it, for buttons
	Domain string    // whoever has a verified address there becomes an agent; empty for nobody
	Role   desk.Role // of those
}

// The session's fields while somebody is elsewhere.
const (
	keyState    = "elsewhere-state"
	keyOnce     = "elsewhere-once"
	keyVerifier = "elsewhere-verifier"
	keyNext     = "elsewhere-next"
	keyUntil    = "elsewhere-until"
)

// HasElsewhere reports whether people may sign in elsewhere, and HasPasswords
// whether they may by a password.
func (s *Service) HasElsewhere() bool { return s.opt.Elsewhere != nil }

// HasPasswords reports whether people may sign in by a password.
func (s *Service) HasPasswords() bool { return !s.opt.NoPasswords }

// ElsewhereName is what people call the other server.
func (s *Service) ElsewhereName() string { return cmp.Or(s.opt.Trust.Name, "single sign-on") }

// Leave returns where to send somebody who would sign in elsewhere. next is where
// they are to go then.
func (s *Service) Leave(w http.ResponseWriter, r *http.Request, next string) (address string, err error) {
	if s.opt.Elsewhere == nil {
		return "", refuse(desk.ErrNotFound, "", "Nobody signs in elsewhere here. Sign in by a password.")
	}
	ctx := r.Context()
	if wait := s.throttle.try(s.now(), map[string]limit{"address:" + s.address(r): addressLimit()}); wait > 0 {
		return "", &Throttled{Wait: wait}
	}
	address, f, err := s.opt.Elsewhere.Begin(ctx)
	if err != nil {
		return "", s.elsewhereRefused(r, err)
	}
	if err := s.renew(ctx); err != nil {
		return "", fmt.Errorf("send somebody elsewhere: %w", err)
	}
	until := s.now().Add(halfLasts)
	for key, value := range map[string]string{
		keyState: f.State, keyOnce: f.Once, keyVerifier: f.Verifier, keyNext: next, keyUntil: strconv.FormatInt(until.UnixMicro(), 10),
	} {
		s.sessions.Put(ctx, key, value)
	}
	s.sessions.SetDeadline(ctx, until)
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.PurgeSessions(ctx, s.now()) }); err != nil {
		return "", fmt.Errorf("purge sessions: %w", err)
	}
	return address, s.keep(w, r)
}

// Return signs in somebody who comes back from elsewhere, and says where they were
// to go. What was sent with them is good once, and in the browser they left with.
func (s *Service) Return(w http.ResponseWriter, r *http.Request) (next string, err error) {
	ctx, q := r.Context(), r.URL.Query()
	if s.opt.Elsewhere == nil {
		return "", refuse(desk.ErrNotFound, "", "Nobody signs in elsewhere here. Sign in by a password.")
	}
	f := Flow{State: s.sessions.PopString(ctx, keyState), Once: s.sessions.PopString(ctx, keyOnce), Verifier: s.sessions.PopString(ctx, keyVerifier)}
	next = s.sessions.PopString(ctx, keyNext)
	until, _ := strconv.ParseInt(s.sessions.PopString(ctx, keyUntil), 10, 64) // without one it is over
	stale := refuse(desk.ErrForbidden, "", "This sign-in was begun in another browser, too long ago, or was used already. Begin it again.")
	if f.State == "" || s.now().UnixMicro() >= until || subtle.ConstantTimeCompare([]byte(f.State), []byte(q.Get("state"))) != 1 {
		return "", stale
	}
	if err := s.keep(w, r); err != nil { // used up, whatever follows
		return "", err
	}
	if q.Get("code") == "" {
		return "", s.elsewhereRefused(r, fmt.Errorf("%w: it answered %q", ErrElsewhereWrong, clip(q.Get("error"), 80)))
	}
	who, err := s.opt.Elsewhere.Finish(ctx, f, q.Get("code"), q.Get("iss"))
	if err != nil {
		return "", s.elsewhereRefused(r, err)
	}
	agent, err := s.meet(ctx, who)
	if err != nil {
		if errors.Is(err, desk.ErrForbidden) {
			return "", s.refused(r, agent, err)
		}
		return "", err
	}
	return next, s.begin(w, r, agent, signin.OIDC)
}

// An ElsewhereError is a failure of the other server: a sentence for people, and
// for the log why.
type ElsewhereError struct {
	desk.Refusal
	Why error
}

// Unwrap returns the refusal and why, for errors.Is and errors.AsType.
func (e *ElsewhereError) Unwrap() []error { return []error{&e.Refusal, e.Why} }

func (s *Service) elsewhereRefused(r *http.Request, err error) error {
	name := s.ElsewhereName()
	out := &ElsewhereError{Why: err, Refusal: desk.Refusal{Kind: desk.ErrForbidden, Message: name + " did not confirm who you are. Try again; if it stays, tell the person who runs this server."}}
	if errors.Is(err, ErrElsewhereDown) {
		out.Message = name + " does not answer. Try again in a moment."
		return out
	}
	return s.refused(r, desk.Agent{}, out)
}

// meet finds out which agent somebody is: by who they were before, or the first
// time by a verified address of an agent, of an invitation, or of the domain whose
// people may all come in.
func (s *Service) meet(ctx context.Context, who Somebody) (desk.Agent, error) {
	id, err := s.store.Identity(ctx, who.Issuer, who.Subject)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return desk.Agent{}, fmt.Errorf("find an identity: %w", err)
	}
	var agent desk.Agent
	if err == nil {
		agent, err = s.known(ctx, id.Agent)
	} else {
		agent, err = s.meetAnew(ctx, who)
	}
	if err != nil {
		return agent, err
	}
	if agent.Disabled {
		return agent, refuse(desk.ErrForbidden, "", "You are shut out here. Ask an operator to let you in.")
	}
	return s.withRole(ctx, agent, who)
}

// meetAnew is meet for somebody who was never here by that server.
func (s *Service) meetAnew(ctx context.Context, who Somebody) (desk.Agent, error) {
	email := NormalEmail(who.Email)
	if !who.Verified || checkEmail(email) != nil {
		return desk.Agent{}, refuse(desk.ErrForbidden, "", "%s has not verified your e-mail address, so we cannot tell who you are. Verify it there, then try again.", s.ElsewhereName())
	}
	agent, err := s.store.AgentByEmail(ctx, email)
	if err == nil {
		return agent, s.link(ctx, who, agent, false, signin.Invitation{})
	}
	if !errors.Is(err, desk.ErrNotFound) {
		return agent, fmt.Errorf("find agent: %w", err)
	}
	role, by, err := s.welcome(ctx, email)
	if err != nil {
		return desk.Agent{}, err
	}
	if _, ok := roleOf(who); who.HasRoles && !ok {
		return desk.Agent{}, s.noRole() // before they would be an agent
	}
	name := clip(strings.Join(strings.Fields(who.Name), " "), MaxName-1)
	if checkName(name) != nil {
		name, _, _ = strings.Cut(email, "@")
		name = clip(name, MaxName-1)
	}
	agent = desk.Agent{ID: newAgentID(), Email: email, Name: name, Role: role, Presence: desk.Away, CreatedAt: s.now()}
	return agent, s.link(ctx, who, agent, true, by)
}

// welcome says by which right somebody with an address becomes an agent: an
// invitation, or the domain.
func (s *Service) welcome(ctx context.Context, email string) (desk.Role, signin.Invitation, error) {
	all, err := s.store.Invitations(ctx)
	if err != nil {
		return "", signin.Invitation{}, fmt.Errorf("find an invitation: %w", err)
	}
	at := slices.IndexFunc(all, func(i signin.Invitation) bool { return i.Email == email && s.now().Before(i.Expires) })
	if at >= 0 {
		return all[at].Role, all[at], nil
	}
	if domain := s.opt.Trust.Domain; domain != "" && strings.HasSuffix(email, "@"+strings.ToLower(domain)) {
		return cmp.Or(s.opt.Trust.Role, desk.RoleAgent), signin.Invitation{}, nil
	}
	return "", signin.Invitation{}, refuse(desk.ErrForbidden, "", "Nobody here has the address %s. Ask an operator to invite you.", clip(email, 80))
}

// link notes who somebody is to the other server, with a new agent if they are
// one, whose invitation is used up.
func (s *Service) link(ctx context.Context, who Somebody, agent desk.Agent, isNew bool, by signin.Invitation) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if by.ID != "" {
			if _, err := tx.Invitation(ctx, by.Hash); err != nil {
				return err
			}
			if err := tx.DropInvitation(ctx, by.ID); err != nil {
				return err
			}
		}
		if isNew {
			if err := tx.SaveAgent(ctx, &agent); err != nil {
				return err
			}
			if err := s.audit(ctx, tx, themselves(agent), desk.DidAddAgent, agent, map[string]string{"role": string(agent.Role)}); err != nil {
				return err
			}
		}
		id := signin.Identity{Issuer: who.Issuer, Subject: who.Subject, Agent: agent.ID, Since: s.now()}
		if err := tx.SaveIdentity(ctx, &id); err != nil {
			return err
		}
		return s.audit(ctx, tx, themselves(agent), DidMeetIdentity, agent, map[string]string{"issuer": who.Issuer})
	})
	if errors.Is(err, desk.ErrNotFound) || errors.Is(err, desk.ErrConflict) {
		return refuse(desk.ErrForbidden, "", "Something has changed meanwhile. Sign in again.")
	}
	if err != nil {
		return fmt.Errorf("link agent %s: %w", agent.ID, err)
	}
	return nil
}

// roleOf is the role that another server says somebody has, the one that may most
// of several.
func roleOf(who Somebody) (desk.Role, bool) {
	for _, role := range []desk.Role{desk.RoleOperator, desk.RoleLead, desk.RoleAgent, desk.RoleAuditor} {
		if slices.Contains(who.Roles, string(role)) {
			return role, true
		}
	}
	return "", false
}

func (s *Service) noRole() error {
	return refuse(desk.ErrForbidden, "", "%s gives you no role here. Ask whoever runs it for one.", s.ElsewhereName())
}

// withRole gives an agent the role that the other server says they have. The last
// operator stays one.
func (s *Service) withRole(ctx context.Context, agent desk.Agent, who Somebody) (desk.Agent, error) {
	if !who.HasRoles {
		return agent, nil
	}
	role, ok := roleOf(who)
	if !ok {
		return agent, s.noRole()
	}
	if role == agent.Role {
		return agent, nil
	}
	by := desk.By{Actor: desk.Actor{Side: desk.SideSystem, Name: s.ElsewhereName()}, Via: desk.ViaConsole}
	err := s.SetRole(ctx, by, agent.Email, role)
	if errors.Is(err, desk.ErrConflict) {
		return agent, nil
	}
	if err == nil {
		agent.Role = role
	}
	return agent, err
}
