package agents

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	saveSignIn = `INSERT INTO sign_ins (id, agent, began_at, seen_at, expires_at, address, browser, device, way)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, expires_at = excluded.expires_at, address = excluded.address,
	browser = excluded.browser, device = excluded.device, way = excluded.way`
	seeSignIn    = `UPDATE sign_ins SET seen_at = $2 WHERE id = $1 AND seen_at <= $3`
	endSignIn    = `DELETE FROM sign_ins WHERE agent = $1 AND id = $2`
	endSignIns   = `DELETE FROM sign_ins WHERE agent = $1 AND id <> $2`
	purgeSignIns = `DELETE FROM sign_ins WHERE expires_at <= $1`
	selectSignIn = `SELECT id, agent, began_at, seen_at, expires_at, address, browser, device, way FROM sign_ins`

	saveIdentity = `INSERT INTO identities (issuer, subject, agent, since) VALUES ($1, $2, $3, $4)
	ON CONFLICT (issuer, subject) DO UPDATE SET agent = excluded.agent, since = excluded.since`
	selectIdentity = `SELECT issuer, subject, agent, since FROM identities WHERE issuer = $1 AND subject = $2`
)

// SaveSignIn adds a sign-in or replaces the one with its ID.
func (t Tx) SaveSignIn(ctx context.Context, s *signin.Session) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "save sign-in of", ID: string(s.Agent)}, saveSignIn,
		s.ID, string(s.Agent), stored.Micros(s.Began), stored.Micros(s.Seen), stored.Micros(s.Expires), s.Address, s.Browser, s.Device, string(s.Way))
}

// SeeSignIn notes that a sign-in was used.
func (t Tx) SeeSignIn(ctx context.Context, id string, at time.Time) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "see sign-in"}, seeSignIn, id, stored.Micros(at), stored.Micros(at.Add(-signin.Seldom)))
}

// EndSignIn ends a sign-in of an agent.
func (t Tx) EndSignIn(ctx context.Context, a desk.AgentID, id string) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "end sign-in of", ID: string(a)}, endSignIn, string(a), id)
}

// EndSignIns ends all sign-ins of an agent but one.
func (t Tx) EndSignIns(ctx context.Context, a desk.AgentID, but string) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "end sign-ins of", ID: string(a)}, endSignIns, string(a), but)
}

// PurgeSignIns deletes those that have expired.
func (t Tx) PurgeSignIns(ctx context.Context, now time.Time) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "purge", ID: "sign-ins"}, purgeSignIns, stored.Micros(now))
}

// SignIn is the reader's, inside the update.
func (t Tx) SignIn(ctx context.Context, id string, now time.Time) (signin.Session, error) {
	return Reads{Agency: t.AgencyTo}.SignIn(ctx, id, now)
}

// SignIn returns a sign-in that has not expired.
func (r Reads) SignIn(ctx context.Context, id string, now time.Time) (s signin.Session, err error) {
	err = one(ctx, r.Agency, commit.Op{Doing: "sign-in"}, selectSignIn+" WHERE id = $1 AND expires_at > $2", []any{id, stored.Micros(now)}, func(from commit.Row) (err error) {
		s, err = scanSignIn(from)
		return err
	})
	return s, err
}

// SignInsOf returns an agent's sign-ins that have not expired.
func (r Reads) SignInsOf(ctx context.Context, a desk.AgentID, now time.Time) (all []signin.Session, err error) {
	text := selectSignIn + " WHERE agent = $1 AND expires_at > $2 ORDER BY seen_at DESC, began_at DESC, id"
	err = r.Agency.Query(ctx, commit.Op{Doing: "sign-ins of", ID: string(a)}, text, []any{string(a), stored.Micros(now)}, func(from commit.Row) error {
		s, err := scanSignIn(from)
		all = append(all, s)
		return err
	})
	return all, err
}

func scanSignIn(from commit.Row) (s signin.Session, err error) {
	var began, seen, expires int64
	err = from.Scan(&s.ID, (*string)(&s.Agent), &began, &seen, &expires, &s.Address, &s.Browser, &s.Device, (*string)(&s.Way))
	s.Began, s.Seen, s.Expires = stored.Instant(began), stored.Instant(seen), stored.Instant(expires)
	return s, err
}

// SaveIdentity adds or replaces who somebody is to another server.
func (t Tx) SaveIdentity(ctx context.Context, i *signin.Identity) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "save identity of", ID: string(i.Agent)}, saveIdentity, i.Issuer, i.Subject, string(i.Agent), stored.Micros(i.Since))
}

// Identity returns who somebody of another server is here.
func (r Reads) Identity(ctx context.Context, issuer, subject string) (i signin.Identity, err error) {
	err = one(ctx, r.Agency, commit.Op{Doing: "identity"}, selectIdentity, []any{issuer, subject}, func(from commit.Row) error {
		var since int64
		err := from.Scan(&i.Issuer, &i.Subject, (*string)(&i.Agent), &since)
		i.Since = stored.Instant(since)
		return err
	})
	return i, err
}
