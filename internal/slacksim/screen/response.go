package screen

import (
	"strings"
	"time"

	"caseline/internal/slacksim/entity"
)

const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// A Response is the right to answer a person's action later, by its
// response_url: five times within thirty minutes.
type Response struct {
	App       string
	Workspace string
	User      string // who acted
	Channel   string
	TS        string // the message the action was on; empty for commands
	Ephemeral string // or the ephemeral message
	Uses      int
	Until     time.Time
}

// NewResponse returns the response_url for an action.
func (s *Screens) NewResponse(kind string, r Response) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Until = s.world.Now().Add(responseLife)
	for old, have := range s.responses {
		if s.world.Now().Sub(have.Until) > responseLife {
			delete(s.responses, old)
		}
	}
	token := strings.ToLower(s.world.NewID("r")) + strings.ToLower(s.world.NewID("x"))
	s.responses[token] = &r
	s.current[r.User] = r.Channel
	return s.world.BaseURL() + "/" + kind + "/" + r.Workspace + "/" + token
}

// UseResponse spends one use of a response_url.
func (s *Screens) UseResponse(token string) (Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.responses[token]
	switch {
	case r == nil:
		return Response{}, entity.ErrNotFound
	case s.world.Now().After(r.Until):
		return Response{}, entity.ErrExpiredURL
	case r.Uses >= responseUses:
		return Response{}, entity.ErrUsedURL
	}
	r.Uses++
	return *r, nil
}
