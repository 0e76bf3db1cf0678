package store

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
)

// SignInReader reads how agents come in.
type SignInReader interface {
	// SignIn returns a sign-in that has not expired at now, or desk.ErrNotFound.
	SignIn(ctx context.Context, id string, now time.Time) (signin.Session, error)
	// SignInsOf returns an agent's sign-ins that have not expired at now, those
	// that were used last first.
	SignInsOf(ctx context.Context, a desk.AgentID, now time.Time) ([]signin.Session, error)
	// Invitation returns the invitation whose secret has the hash, expired or
	// not, or desk.ErrNotFound. Invitations returns all, newest first.
	Invitation(ctx context.Context, hash string) (signin.Invitation, error)
	Invitations(ctx context.Context) ([]signin.Invitation, error)
	// Factor returns an agent's second factor, or desk.ErrNotFound. WithFactor
	// returns the agents who have one, by id.
	Factor(ctx context.Context, a desk.AgentID) (signin.Factor, error)
	WithFactor(ctx context.Context) ([]desk.AgentID, error)
	// Identity returns who somebody of another server is here, or
	// desk.ErrNotFound.
	Identity(ctx context.Context, issuer, subject string) (signin.Identity, error)
	// Tries returns of some keys when each will be as if nothing had been tried
	// under it; of those that are so already there may be nothing.
	Tries(ctx context.Context, keys []string) (map[string]time.Time, error)
}

// SignInTx writes how agents come in. An agent's own are written while the agent
// is locked, where it matters who comes first.
type SignInTx interface {
	// SaveSignIn adds a sign-in or replaces the one with its ID.
	SaveSignIn(ctx context.Context, s *signin.Session) error
	// SeeSignIn notes that a sign-in was used at a time, if it was last
	// signin.Seldom before that or earlier.
	SeeSignIn(ctx context.Context, id string, at time.Time) error
	// EndSignIn ends a sign-in of an agent, if it is there; EndSignIns all of
	// theirs but one, which may be none. PurgeSignIns deletes those that have
	// expired at now.
	EndSignIn(ctx context.Context, a desk.AgentID, id string) error
	EndSignIns(ctx context.Context, a desk.AgentID, but string) error
	PurgeSignIns(ctx context.Context, now time.Time) error
	// SaveInvitation adds an invitation in the place of others to the same
	// address. DropInvitation deletes one, if it is there.
	SaveInvitation(ctx context.Context, i *signin.Invitation) error
	DropInvitation(ctx context.Context, id string) error
	// NoteMailed notes whether the link of an invitation was mailed, if it is
	// there.
	NoteMailed(ctx context.Context, id string, m signin.Mailed) error
	// SignIn, Invitation and Factor are the reader's, inside the update.
	SignIn(ctx context.Context, id string, now time.Time) (signin.Session, error)
	Invitation(ctx context.Context, hash string) (signin.Invitation, error)
	Factor(ctx context.Context, a desk.AgentID) (signin.Factor, error)
	// SaveFactor adds or replaces an agent's second factor, DropFactor deletes
	// it, if it is there.
	SaveFactor(ctx context.Context, f *signin.Factor) error
	DropFactor(ctx context.Context, a desk.AgentID) error
	// CountTry counts a try that failed at now: its key is clear an interval later
	// than it was, or than now. ClearTries forgets a key, PurgeTries those that are
	// clear at now.
	CountTry(ctx context.Context, key string, now time.Time, interval time.Duration) error
	ClearTries(ctx context.Context, key string) error
	PurgeTries(ctx context.Context, now time.Time) error
	// SaveIdentity adds or replaces who somebody is to another server.
	SaveIdentity(ctx context.Context, i *signin.Identity) error
}
