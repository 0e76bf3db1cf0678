package auth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"caseline/internal/store"
)

// Store is what auth needs of the store.
type Store interface {
	store.AgentReader
	store.SignInReader
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
	// URL is how people reach the server, for the links of invitations.
	URL string
	// Keys seal the secrets of second factors. Default: nobody can have one.
	Keys Sealer
	// Policy says who must have a second factor; default: nobody.
	Policy Policy
	// Elsewhere is another server that says who somebody is, and how far it is
	// believed. Default: there is none.
	Elsewhere Elsewhere
	Trust     Trust
	// NoPasswords has people sign in elsewhere only.
	NoPasswords bool
	// Post sends the link of an invitation by mail. Default: whoever invites
	// passes it on.
	Post func(ctx context.Context, l Letter) error
}

// A Service signs agents in and knows who is signed in.
type Service struct {
	store    Store
	sessions *scs.SessionManager
	hasher   *hasher
	throttle *throttle
	secretly sync.Mutex // guards secret, also while it is read
	secret   string     // of triesKey; empty before it was read
	now      func() time.Time
	address  func(*http.Request) string
	opt      Options
}

// hashesAtOnce bounds the memory that sign-ins can take together.
const hashesAtOnce = 2

// maxHashWait is how long a sign-in waits for its turn to be checked.
const maxHashWait = 10 * time.Second

// The session's fields.
const (
	keyAgent  = "agent"
	keyProof  = "proof"
	keySignIn = "sign-in" // the ID of the signin.Session
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
		address: o.Address, opt: o,
	}
}

func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
