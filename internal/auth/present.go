package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// Load gives handlers under it the sign-in that r's cookie names.
func (s *Service) Load(next func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if cookie, err := r.Cookie(CookieName); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.Load(r.Context(), token)
		if err != nil {
			return fmt.Errorf("load sign-in: %w", err)
		}
		return next(w, r.WithContext(ctx))
	}
}

// Agent returns who is signed in, or ErrSignedOut. The request must have come
// through Load.
func (s *Service) Agent(ctx context.Context) (desk.Agent, error) {
	id := desk.AgentID(s.sessions.GetString(ctx, keyAgent))
	if id == "" {
		return desk.Agent{}, ErrSignedOut
	}
	agent, err := s.store.Agent(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.Agent{}, ErrSignedOut
	}
	if err != nil {
		return desk.Agent{}, fmt.Errorf("load agent %s: %w", id, err)
	}
	if agent.Disabled || s.sessions.GetString(ctx, keyProof) != proof(agent) {
		return desk.Agent{}, ErrSignedOut
	}
	return agent, s.holds(ctx, agent)
}

// holds says whether the sign-in of ctx is one of agent's that has not been ended
// and is of a way that may still be used, and notes that it is used.
func (s *Service) holds(ctx context.Context, agent desk.Agent) error {
	now := s.now()
	in, err := s.store.SignIn(ctx, s.Current(ctx), now)
	switch {
	case errors.Is(err, desk.ErrNotFound), err == nil && (in.Agent != agent.ID || !s.allows(agent, in.Way)):
		return ErrSignedOut
	case err != nil:
		return fmt.Errorf("sign-in of agent %s: %w", agent.ID, err)
	case now.Sub(in.Seen) < signin.Seldom:
		return nil
	}
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SeeSignIn(ctx, in.ID, now) }); err != nil {
		return fmt.Errorf("note the use of a sign-in of agent %s: %w", agent.ID, err)
	}
	return nil
}

// allows reports whether an agent may be signed in by a way.
func (s *Service) allows(a desk.Agent, w signin.Way) bool {
	switch w {
	case signin.OIDC:
		return s.opt.Elsewhere != nil
	case signin.Factor2:
		return !s.opt.NoPasswords
	case signin.Password:
		return !s.opt.NoPasswords && !s.mustHaveFactor(a)
	}
	return false
}

// Current is the ID of the sign-in that a request came with; empty for none.
func (s *Service) Current(ctx context.Context) string { return s.sessions.GetString(ctx, keySignIn) }

// proof ties a sign-in to the password it was made with.
func proof(a desk.Agent) string {
	sum := sha256.Sum256([]byte(a.PasswordHash))
	return hex.EncodeToString(sum[:8])
}
