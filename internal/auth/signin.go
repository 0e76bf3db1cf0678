package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Store is what auth needs of the store.
type Store interface {
	store.AgentReader
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Options are what a Service can be given; the zero value works.
type Options struct {
	Now func() time.Time // default: the system clock
	// Secure keeps the cookie off plain http. Set it wherever people reach the
	// console over https.
	Secure bool
	// Lifetime is how long a sign-in lasts; default a week.
	Lifetime time.Duration
	// Address says where a request comes from, for slowing down guessing.
	// Default: the other end of the connection. Behind a proxy that is always
	// the proxy; give a function that reads what the proxy says.
	Address func(*http.Request) string
	// Cost is the work of one password hash; default argon2id with 19 MiB.
	Cost Cost
}

// A Service signs agents in and knows who is signed in.
type Service struct {
	store    Store
	sessions *scs.SessionManager
	hasher   *hasher
	throttle *throttle
	now      func() time.Time
	address  func(*http.Request) string
}

// hashesAtOnce bounds the memory that sign-ins can take together.
const hashesAtOnce = 2

// maxHashWait is how long a sign-in waits for its turn to be checked.
const maxHashWait = 10 * time.Second

// The session's fields.
const (
	keyAgent = "agent"
	keyProof = "proof"
)

// CookieName is the name of the cookie that holds a sign-in's token.
const CookieName = "caseline_session"

var errHashWait = errors.New("too many sign-ins at once")

// New returns a Service on s.
func New(s Store, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Lifetime == 0 {
		o.Lifetime = 7 * 24 * time.Hour
	}
	if o.Address == nil {
		o.Address = remoteHost
	}
	if o.Cost == (Cost{}) {
		o.Cost = defaultCost()
	}
	// Not by scs.New, which begins to tidy a store in memory, for ever.
	sessions := &scs.SessionManager{
		Store: sessionStore{store: s, now: o.Now}, Codec: scs.GobCodec{}, Lifetime: o.Lifetime, HashTokenInStore: true,
		Cookie: scs.SessionCookie{
			Name: CookieName, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: o.Secure, Persist: true,
		},
	}
	return &Service{
		store: s, sessions: sessions, hasher: newHasher(o.Cost, hashesAtOnce), throttle: newThrottle(),
		now:     func() time.Time { return o.Now().UTC().Truncate(time.Microsecond) },
		address: o.Address,
	}
}

func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

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
	return agent, nil
}

// proof ties a sign-in to the password it was made with.
func proof(a desk.Agent) string {
	sum := sha256.Sum256([]byte(a.PasswordHash))
	return hex.EncodeToString(sum[:8])
}

// SignIn signs an agent in, under a new token. A wrong address or password is
// refused without saying which; too many of them are *Throttled.
func (s *Service) SignIn(w http.ResponseWriter, r *http.Request, email, password string) (desk.Agent, error) {
	ctx, email := r.Context(), clip(NormalEmail(email), maxEmail)
	pair := "pair:" + s.address(r) + " " + email
	wait := s.throttle.try(s.now(), map[string]limit{
		pair: pairLimit(), "email:" + email: emailLimit(), "address:" + s.address(r): addressLimit(),
	})
	if wait > 0 {
		return desk.Agent{}, &Throttled{Wait: wait}
	}
	agent, err := s.check(ctx, email, password)
	if errors.Is(err, desk.ErrForbidden) {
		return desk.Agent{}, s.refused(r, agent, err)
	}
	if err != nil {
		return desk.Agent{}, err
	}
	s.throttle.forget(pair)
	if err := s.begin(w, r, agent); err != nil {
		return desk.Agent{}, fmt.Errorf("sign in agent %s: %w", agent.ID, err)
	}
	return agent, nil
}

// refused notes a sign-in that was refused. What was typed is not noted when it
// is no agent's address: people type their passwords there.
func (s *Service) refused(r *http.Request, agent desk.Agent, why error) error {
	detail := map[string]string{"agent": agent.Email, "from": s.address(r)}
	err := s.store.Update(r.Context(), func(tx store.Tx) error {
		return tx.Audit(r.Context(), &desk.AuditEntry{At: s.now(), By: desk.BySystem(), Via: desk.ViaConsole, What: desk.DidNotSignIn, Detail: detail})
	})
	if err != nil {
		return fmt.Errorf("note a refused sign-in: %w", err)
	}
	return why
}

// check returns the agent with the address and password. With a refusal it
// returns the agent whose address it is, if there is one.
func (s *Service) check(ctx context.Context, email, password string) (desk.Agent, error) {
	agent, err := s.store.AgentByEmail(ctx, email)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return desk.Agent{}, fmt.Errorf("find agent: %w", err)
	}
	waiting, cancel := context.WithTimeoutCause(ctx, maxHashWait, errHashWait)
	defer cancel()
	ok, err := s.hasher.verify(waiting, agent.PasswordHash, clip(password, MaxPassword+1))
	if errors.Is(err, errHashWait) {
		return desk.Agent{}, &Throttled{Wait: maxHashWait}
	}
	if err != nil {
		return desk.Agent{}, fmt.Errorf("check password: %w", err)
	}
	if !ok || agent.Disabled {
		return agent, refuse(desk.ErrForbidden, "password", "That address and password do not match.")
	}
	return agent, nil
}

// begin makes the session one of agent, under a token that nobody can have
// known before.
func (s *Service) begin(w http.ResponseWriter, r *http.Request, agent desk.Agent) error {
	ctx := r.Context()
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, keyAgent, string(agent.ID))
	s.sessions.Put(ctx, keyProof, proof(agent))
	token, expires, err := s.sessions.Commit(ctx)
	if err != nil {
		return err
	}
	s.sessions.WriteSessionCookie(ctx, w, token, expires)
	return s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.PurgeSessions(ctx, s.now()); err != nil {
			return err
		}
		return s.came(ctx, tx, r, desk.DidSignIn, agent)
	})
}

// came notes that an agent came or went.
func (s *Service) came(ctx context.Context, tx store.Tx, r *http.Request, did string, a desk.Agent) error {
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: desk.ByAgent(a), Via: desk.ViaConsole, What: did, Detail: map[string]string{"from": s.address(r)}})
}

// SignOut ends the sign-in that r came with.
func (s *Service) SignOut(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	agent, err := s.Agent(ctx)
	if err != nil && !errors.Is(err, ErrSignedOut) {
		return err
	}
	if err := s.sessions.Destroy(ctx); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	s.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	if agent.ID == "" {
		return nil
	}
	if err := s.store.Update(ctx, func(tx store.Tx) error { return s.came(ctx, tx, r, desk.DidSignOut, agent) }); err != nil {
		return fmt.Errorf("note a sign-out: %w", err)
	}
	return nil
}
