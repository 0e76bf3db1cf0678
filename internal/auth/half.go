package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
)

// The fields of a session of somebody who has shown a password and is to show
// more. It is no sign-in.
const (
	keyHalf      = "half"
	keyHalfProof = "half-proof"
	keyHalfUntil = "half-until"
)

// halfLasts is how long the second step may take.
const halfLasts = 10 * time.Minute

// half makes the session one that waits for agent's second step, under a new
// token.
func (s *Service) half(w http.ResponseWriter, r *http.Request, agent desk.Agent) error {
	ctx := r.Context()
	if err := s.renew(ctx); err != nil {
		return fmt.Errorf("begin the second step of agent %s: %w", agent.ID, err)
	}
	s.sessions.Put(ctx, keyHalf, string(agent.ID))
	s.sessions.Put(ctx, keyHalfProof, proof(agent))
	s.sessions.Put(ctx, keyHalfUntil, strconv.FormatInt(s.now().Add(halfLasts).UnixMicro(), 10))
	return s.keep(w, r)
}

// ErrNoHalf says that nobody has shown a password, or too long ago.
var ErrNoHalf error = &desk.Refusal{Kind: desk.ErrForbidden, Message: "That took too long. Sign in again."}

// Half returns who has shown a password and is to show more, and what, or
// ErrNoHalf.
func (s *Service) Half(ctx context.Context) (agent desk.Agent, next Step, err error) {
	id := desk.AgentID(s.sessions.GetString(ctx, keyHalf))
	until, _ := strconv.ParseInt(s.sessions.GetString(ctx, keyHalfUntil), 10, 64) // without one it is over
	if id == "" || s.now().UnixMicro() >= until {
		return desk.Agent{}, "", ErrNoHalf
	}
	agent, err = s.store.Agent(ctx, id)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return agent, "", fmt.Errorf("load agent %s: %w", id, err)
	}
	if err != nil || agent.Disabled || s.sessions.GetString(ctx, keyHalfProof) != proof(agent) {
		return desk.Agent{}, "", ErrNoHalf
	}
	_, err = s.store.Factor(ctx, id)
	switch {
	case err == nil:
		return agent, Code, nil
	case errors.Is(err, desk.ErrNotFound):
		return agent, SetUp, nil
	}
	return agent, "", fmt.Errorf("second factor of agent %s: %w", id, err)
}

// SecondStep signs in who has shown a password, by a code of their program or a
// recovery code, which then is good no more. left is how many of those there are
// still, or -1 when it was no recovery code.
func (s *Service) SecondStep(w http.ResponseWriter, r *http.Request, typed string) (left int, err error) {
	agent, next, err := s.Half(r.Context())
	if err != nil {
		return -1, err
	}
	if next != Code {
		return -1, ErrNoHalf
	}
	left, err = s.useCode(r, agent, typed)
	if errors.Is(err, desk.ErrForbidden) {
		return -1, s.refused(r, agent, err)
	}
	if err != nil {
		return -1, err
	}
	return left, s.begin(w, r, agent, signin.Factor2)
}
