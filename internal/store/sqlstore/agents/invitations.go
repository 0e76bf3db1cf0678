package agents

import (
	"context"
	"encoding/json"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	replaceInvitation = `DELETE FROM invitations WHERE email = $1`
	saveInvitation    = `INSERT INTO invitations (id, hash, email, role, agent, invited_by, invited_at, expires_at, inviter, mailed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	mailedInvitation  = `UPDATE invitations SET mailed = $2 WHERE id = $1`
	dropInvitation    = `DELETE FROM invitations WHERE id = $1`
	selectInvitation  = `SELECT id, hash, email, role, agent, invited_by, invited_at, expires_at, inviter, mailed FROM invitations`

	saveFactor = `INSERT INTO second_factors (agent, secret, since, step, spare) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (agent) DO UPDATE SET secret = excluded.secret, since = excluded.since, step = excluded.step, spare = excluded.spare`
	dropFactor   = `DELETE FROM second_factors WHERE agent = $1`
	selectFactor = `SELECT agent, secret, since, step, spare FROM second_factors WHERE agent = $1`
	selectWith   = `SELECT agent FROM second_factors ORDER BY agent`
)

// SaveInvitation adds an invitation in the place of others to the same address.
// Its hash is no secret, and no error tells it.
func (t Tx) SaveInvitation(ctx context.Context, i *signin.Invitation) error {
	what := commit.Op{Doing: "save invitation", ID: i.ID}
	if err := t.AgencyTo.Write(ctx, what, replaceInvitation, i.Email); err != nil {
		return err
	}
	return t.AgencyTo.Write(ctx, what, saveInvitation,
		i.ID, i.Hash, i.Email, string(i.Role), string(i.Agent), i.By, stored.Micros(i.At), stored.Micros(i.Expires), string(i.Inviter), string(i.Mailed))
}

// NoteMailed notes whether the link of an invitation was mailed.
func (t Tx) NoteMailed(ctx context.Context, id string, m signin.Mailed) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "note the mail of invitation", ID: id}, mailedInvitation, id, string(m))
}

// DropInvitation deletes an invitation.
func (t Tx) DropInvitation(ctx context.Context, id string) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "drop invitation", ID: id}, dropInvitation, id)
}

// Invitation is the reader's, inside the update.
func (t Tx) Invitation(ctx context.Context, hash string) (signin.Invitation, error) {
	return Reads{Agency: t.AgencyTo}.Invitation(ctx, hash)
}

// Invitation returns the invitation whose secret has the hash.
func (r Reads) Invitation(ctx context.Context, hash string) (i signin.Invitation, err error) {
	err = one(ctx, r.Agency, commit.Op{Doing: "invitation"}, selectInvitation+" WHERE hash = $1", []any{hash}, func(from commit.Row) (err error) {
		i, err = scanInvitation(from)
		return err
	})
	return i, err
}

// Invitations returns all, newest first.
func (r Reads) Invitations(ctx context.Context) (all []signin.Invitation, err error) {
	err = r.Agency.Query(ctx, commit.Op{Doing: "invitations"}, selectInvitation+" ORDER BY invited_at DESC, id", nil, func(from commit.Row) error {
		i, err := scanInvitation(from)
		all = append(all, i)
		return err
	})
	return all, err
}

func scanInvitation(from commit.Row) (i signin.Invitation, err error) {
	var at, expires int64
	err = from.Scan(&i.ID, &i.Hash, &i.Email, (*string)(&i.Role), (*string)(&i.Agent), &i.By, &at, &expires, (*string)(&i.Inviter), (*string)(&i.Mailed))
	i.At, i.Expires = stored.Instant(at), stored.Instant(expires)
	return i, err
}

// SaveFactor adds or replaces an agent's second factor.
func (t Tx) SaveFactor(ctx context.Context, f *signin.Factor) error {
	spare := []byte("[]")
	if len(f.Spare) > 0 {
		spare, _ = json.Marshal(f.Spare) // strings always marshal
	}
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "save second factor of", ID: string(f.Agent)}, saveFactor,
		string(f.Agent), f.Secret, stored.Micros(f.Since), f.Step, string(spare))
}

// DropFactor deletes an agent's second factor.
func (t Tx) DropFactor(ctx context.Context, a desk.AgentID) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "drop second factor of", ID: string(a)}, dropFactor, string(a))
}

// Factor is the reader's, inside the update.
func (t Tx) Factor(ctx context.Context, a desk.AgentID) (signin.Factor, error) {
	return Reads{Agency: t.AgencyTo}.Factor(ctx, a)
}

// Factor returns an agent's second factor.
func (r Reads) Factor(ctx context.Context, a desk.AgentID) (f signin.Factor, err error) {
	err = one(ctx, r.Agency, commit.Op{Doing: "second factor of", ID: string(a)}, selectFactor, []any{string(a)}, func(from commit.Row) error {
		var since int64
		var spare string
		if err := from.Scan((*string)(&f.Agent), &f.Secret, &since, &f.Step, &spare); err != nil {
			return err
		}
		f.Since = stored.Instant(since)
		return json.Unmarshal([]byte(spare), &f.Spare)
	})
	if len(f.Spare) == 0 {
		f.Spare = nil
	}
	return f, err
}

// WithFactor returns the agents who have a second factor.
func (r Reads) WithFactor(ctx context.Context) (all []desk.AgentID, err error) {
	err = r.Agency.Query(ctx, commit.Op{Doing: "second factors"}, selectWith, nil, func(from commit.Row) error {
		var id string
		err := from.Scan(&id)
		all = append(all, desk.AgentID(id))
		return err
	})
	return all, err
}
