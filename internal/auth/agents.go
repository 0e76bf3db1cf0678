package auth

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Lengths of what an agent's account is made of, in characters.
const (
	MinPassword = 10
	MaxPassword = 200
	MaxName     = 60
	maxEmail    = 254
)

// AddAgent adds an agent who signs in with email and password. What cannot
// be accepted is refused with a sentence that says why; an address that is
// taken is desk.ErrConflict.
func (s *Service) AddAgent(ctx context.Context, by desk.By, email, name, password string, role desk.Role) (desk.Agent, error) {
	email, name = NormalEmail(email), strings.Join(strings.Fields(name), " ")
	if err := errors.Join(checkEmail(email), checkName(name), checkPassword(password, email, name), checkRole(role)); err != nil {
		return desk.Agent{}, err
	}
	if _, err := s.store.AgentByEmail(ctx, email); err == nil {
		return desk.Agent{}, taken(email)
	} else if !errors.Is(err, desk.ErrNotFound) {
		return desk.Agent{}, fmt.Errorf("add agent: %w", err)
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return desk.Agent{}, fmt.Errorf("add agent: %w", err)
	}
	agent := desk.Agent{
		ID: newAgentID(), Email: email, Name: name, PasswordHash: hash,
		Role: role, Presence: desk.Away, CreatedAt: s.now(),
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.SaveAgent(ctx, &agent); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, desk.DidAddAgent, agent, map[string]string{"role": string(role)})
	})
	if errors.Is(err, desk.ErrConflict) {
		return desk.Agent{}, taken(email)
	}
	if err != nil {
		return desk.Agent{}, fmt.Errorf("add agent: %w", err)
	}
	return agent, nil
}

// EnsureAgent is AddAgent for a program that starts again and again: an agent
// who is there already stays as they are, whatever the other arguments say.
func (s *Service) EnsureAgent(ctx context.Context, by desk.By, email, name, password string, role desk.Role) (agent desk.Agent, added bool, err error) {
	agent, err = s.AddAgent(ctx, by, email, name, password, role)
	if err == nil {
		return agent, true, nil
	}
	if !errors.Is(err, desk.ErrConflict) {
		return desk.Agent{}, false, err
	}
	if agent, err = s.store.AgentByEmail(ctx, NormalEmail(email)); err != nil {
		return desk.Agent{}, false, fmt.Errorf("find agent: %w", err)
	}
	return agent, false, nil
}

// SetPassword gives an agent a new password and so ends all their sign-ins.
func (s *Service) SetPassword(ctx context.Context, by desk.By, email, password string) error {
	agent, err := s.Named(ctx, email)
	if err != nil {
		return err
	}
	if err := checkPassword(password, agent.Email, agent.Name); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("set password of agent %s: %w", agent.ID, err)
	}
	return s.change(ctx, by, agent, desk.DidSetPassword, nil, func(a *desk.Agent) bool {
		a.PasswordHash = hash
		return true
	})
}

// NormalEmail is how an address is stored and looked up.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func checkEmail(email string) error {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > maxEmail {
		return refuse(desk.ErrInvalid, "email", "Give an e-mail address such as jane@example.com, not “%s”.", clip(email, 80))
	}
	return nil
}

func checkName(name string) error {
	switch {
	case name == "":
		return refuse(desk.ErrInvalid, "name", "Give the name that customers will see.")
	case utf8.RuneCountInString(name) > MaxName:
		return refuse(desk.ErrInvalid, "name", "The name is longer than %d characters. Shorten it.", MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return refuse(desk.ErrInvalid, "name", "The name contains characters that cannot be shown. Use letters.")
	}
	return nil
}

func checkPassword(password, email, name string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return refuse(desk.ErrInvalid, "password", "The password is too short: use at least %d characters. Several words are easy to remember.", MinPassword)
	case n > MaxPassword:
		return refuse(desk.ErrInvalid, "password", "The password is longer than %d characters. Shorten it.", MaxPassword)
	case strings.EqualFold(password, email) || strings.EqualFold(password, name):
		return refuse(desk.ErrInvalid, "password", "The password is the name or address itself. Choose another.")
	case strings.Count(password, password[:1]) == len(password):
		return refuse(desk.ErrInvalid, "password", "The password is one character over and over. Choose another.")
	}
	return nil
}

func checkRole(role desk.Role) error {
	switch role {
	case desk.RoleAgent, desk.RoleLead, desk.RoleOperator, desk.RoleAuditor:
		return nil
	}
	return refuse(desk.ErrInvalid, "role", "The role is %s, %s, %s or %s.", desk.RoleAgent, desk.RoleLead, desk.RoleOperator, desk.RoleAuditor)
}

func taken(email string) error {
	return refuse(desk.ErrConflict, "email", "The address %s already belongs to an agent.", email)
}

func refuse(kind error, field, format string, args ...any) error {
	return &desk.Refusal{Kind: kind, Field: field, Message: fmt.Sprintf(format, args...)}
}

func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

func newAgentID() desk.AgentID {
	var b [8]byte
	rand.Read(b[:]) // never fails: the runtime stops the program first
	return desk.AgentID("agent-" + hex.EncodeToString(b[:]))
}
