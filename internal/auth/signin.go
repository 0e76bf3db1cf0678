package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// A Throttled error says that there were too many tries.
type Throttled struct{ Wait time.Duration }

// Error returns the sentence for the person who tries.
func (t *Throttled) Error() string {
	minutes := int(math.Ceil(t.Wait.Minutes()))
	if minutes <= 1 {
		return "Too many tries. Wait a minute, then try again."
	}
	return fmt.Sprintf("Too many tries. Wait %d minutes, then try again.", minutes)
}

// Seconds is the wait in whole seconds, for Retry-After.
func (t *Throttled) Seconds() int { return int(math.Ceil(t.Wait.Seconds())) }

// ErrSignedOut says that nobody is signed in.
var ErrSignedOut error = &desk.Refusal{Kind: desk.ErrForbidden, Message: "You are signed out. Sign in again."}

// A Step says what comes next when somebody signs in.
type Step string

// The steps.
const (
	In    Step = "in"     // they are signed in
	Code  Step = "code"   // a code of their second factor, by SecondStep
	SetUp Step = "set-up" // they must have a second factor first, by NewFactor and Confirm
)

// SignIn signs an agent in by a password, under a new token, or says what comes
// next. A wrong address or password is refused without saying which; too many of
// them are *Throttled.
func (s *Service) SignIn(w http.ResponseWriter, r *http.Request, email, password string) (Step, error) {
	if s.opt.NoPasswords {
		return "", refuse(desk.ErrForbidden, "password", "Passwords are switched off here. Sign in with %s.", s.ElsewhereName())
	}
	ctx, email := r.Context(), clip(NormalEmail(email), maxEmail)
	pair := "pair:" + s.address(r) + " " + email
	wait := s.throttle.try(s.now(), map[string]limit{
		pair: pairLimit(), "email:" + email: emailLimit(), "address:" + s.address(r): addressLimit(),
	})
	if wait > 0 {
		return "", &Throttled{Wait: wait}
	}
	agent, err := s.store.AgentByEmail(ctx, email)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return "", fmt.Errorf("find agent: %w", err)
	}
	id := agent.ID
	if id == "" {
		if id, err = s.stranger(ctx, email); err != nil {
			return "", err
		}
	}
	keys := s.passwordKeys(r, id)
	known, err := s.slowed(ctx, keys)
	if err != nil {
		return "", err
	}
	if err := s.check(ctx, agent, password); err != nil {
		if errors.Is(err, desk.ErrForbidden) {
			return "", s.refusedFor(r, agent, err, keys)
		}
		return "", err
	}
	s.throttle.forget(pair)
	if err := s.forgive(ctx, known, s.pairOf(r, agent.ID)); err != nil {
		return "", err
	}
	return s.enter(w, r, agent)
}

// enter signs in an agent who has shown a password, or begins the second step.
func (s *Service) enter(w http.ResponseWriter, r *http.Request, agent desk.Agent) (Step, error) {
	ctx := r.Context()
	_, err := s.store.Factor(ctx, agent.ID)
	switch {
	case err == nil:
		return Code, s.half(w, r, agent)
	case !errors.Is(err, desk.ErrNotFound):
		return "", fmt.Errorf("second factor of agent %s: %w", agent.ID, err)
	case s.mustHaveFactor(agent):
		return SetUp, s.half(w, r, agent)
	}
	return In, s.begin(w, r, agent, signin.Password)
}

// refused notes a sign-in that was refused. What was typed is not noted when it
// is no agent's address: people type their passwords there.
func (s *Service) refused(r *http.Request, agent desk.Agent, why error) error {
	return s.refusedFor(r, agent, why, nil)
}

// refusedFor also counts the try under keys.
func (s *Service) refusedFor(r *http.Request, agent desk.Agent, why error, keys map[string]limit) error {
	detail := map[string]string{"agent": agent.Email, "from": s.address(r)}
	err := s.store.Update(r.Context(), func(tx store.Tx) error {
		if err := s.missed(r.Context(), tx, keys); err != nil {
			return err
		}
		return tx.Audit(r.Context(), &desk.AuditEntry{At: s.now(), By: desk.BySystem(), Via: desk.ViaConsole, What: desk.DidNotSignIn, Detail: detail})
	})
	if err != nil {
		return fmt.Errorf("note a refused sign-in: %w", err)
	}
	return why
}

// check refuses when a password is not that of an agent, who may be nobody.
func (s *Service) check(ctx context.Context, agent desk.Agent, password string) error {
	waiting, cancel := context.WithTimeoutCause(ctx, maxHashWait, errHashWait)
	defer cancel()
	ok, err := s.hasher.verify(waiting, agent.PasswordHash, clip(password, MaxPassword+1))
	if errors.Is(err, errHashWait) {
		return &Throttled{Wait: maxHashWait}
	}
	if err != nil {
		return fmt.Errorf("check password: %w", err)
	}
	if !ok || agent.Disabled {
		return refuse(desk.ErrForbidden, "password", "That address and password do not match.")
	}
	return nil
}

// begin makes the session one of agent, under a token that nobody can have
// known before.
func (s *Service) begin(w http.ResponseWriter, r *http.Request, agent desk.Agent, way signin.Way) error {
	ctx := r.Context()
	if err := s.renew(ctx); err != nil {
		return fmt.Errorf("sign in agent %s: %w", agent.ID, err)
	}
	in := s.newSignIn(r, agent.ID, way)
	s.sessions.Put(ctx, keyAgent, string(agent.ID))
	s.sessions.Put(ctx, keyProof, proof(agent))
	s.sessions.Put(ctx, keySignIn, in.ID)
	token, expires, err := s.sessions.Commit(ctx)
	if err != nil {
		return fmt.Errorf("sign in agent %s: %w", agent.ID, err)
	}
	in.Expires = expires.UTC().Truncate(time.Microsecond)
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := errors.Join(tx.PurgeSessions(ctx, s.now()), tx.PurgeSignIns(ctx, s.now()), tx.SaveSignIn(ctx, &in)); err != nil {
			return err
		}
		return s.came(ctx, tx, r, desk.DidSignIn, agent, way)
	})
	if err != nil {
		return fmt.Errorf("sign in agent %s: %w", agent.ID, err)
	}
	s.sessions.WriteSessionCookie(ctx, w, token, expires)
	return nil
}

// renew empties the session and gives it a new token.
func (s *Service) renew(ctx context.Context) error {
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	return s.sessions.RenewToken(ctx)
}

// newSignIn is a sign-in that begins with a request.
func (s *Service) newSignIn(r *http.Request, a desk.AgentID, way signin.Way) signin.Session {
	now := s.now()
	in := signin.Session{ID: rand.Text(), Agent: a, Began: now, Seen: now, Address: clip(s.address(r), maxAddress), Way: way}
	in.Browser, in.Device = browserOf(r.UserAgent())
	return in
}

// maxAddress is how much is kept of where a request came from.
const maxAddress = 64

// keep writes the session as it is now.
func (s *Service) keep(w http.ResponseWriter, r *http.Request) error {
	token, expires, err := s.sessions.Commit(r.Context())
	if err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	s.sessions.WriteSessionCookie(r.Context(), w, token, expires)
	return nil
}

// came notes that an agent came or went.
func (s *Service) came(ctx context.Context, tx store.Tx, r *http.Request, did string, a desk.Agent, way signin.Way) error {
	detail := map[string]string{"from": s.address(r)}
	if way != "" && way != signin.Password {
		detail["way"] = string(way)
	}
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: desk.ByAgent(a), Via: desk.ViaConsole, What: did, Detail: detail})
}

// SignOut ends the sign-in that r came with.
func (s *Service) SignOut(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	agent, err := s.Agent(ctx)
	if err != nil && !errors.Is(err, ErrSignedOut) {
		return err
	}
	in := s.Current(ctx)
	if err := s.sessions.Destroy(ctx); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	s.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	if agent.ID == "" {
		return nil
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.EndSignIn(ctx, agent.ID, in); err != nil {
			return err
		}
		return s.came(ctx, tx, r, desk.DidSignOut, agent, "")
	})
	if err != nil {
		return fmt.Errorf("note a sign-out: %w", err)
	}
	return nil
}
