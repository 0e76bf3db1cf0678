package keeping

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
)

// ofAgent are the statements that take out what is only an agent's own.
var ofAgent = []string{
	`DELETE FROM jottings WHERE agent = $1`,
	`DELETE FROM canned WHERE agent = $1`,
	`DELETE FROM views WHERE agent = $1`,
	`DELETE FROM snoozes WHERE agent = $1`,
	`DELETE FROM mentions WHERE agent = $1`,
	`DELETE FROM looks WHERE agent = $1`,
	`DELETE FROM read_marks WHERE agent = $1`,
	`DELETE FROM preferences WHERE agent = $1`,
	`DELETE FROM devices WHERE agent = $1`,
	`DELETE FROM seats WHERE agent = $1`,
	`DELETE FROM offered WHERE agent = $1`,
	`DELETE FROM sign_ins WHERE agent = $1`,
	`DELETE FROM second_factors WHERE agent = $1`,
	`DELETE FROM identities WHERE agent = $1`,
	`DELETE FROM portraits WHERE agent = $1`,
	`DELETE FROM invitations WHERE agent = $1 OR inviter = $1`,
}

// signedBy are the statements that have what an agent did in the setup be by
// another name.
var signedBy = []string{
	`UPDATE exports SET actor_name = $2 WHERE actor = $1`,
	`UPDATE holds SET actor_name = $2 WHERE actor = $1`,
	`UPDATE catalogues SET actor_name = $2 WHERE actor = $1`,
	`UPDATE erasures SET actor_name = $2 WHERE actor = $1`,
}

const (
	dropInvited = `DELETE FROM invitations WHERE email = $1`
	invitedBy   = `UPDATE invitations SET invited_by = $2 WHERE invited_by = $1 AND inviter = ''`

	countRemarks = `SELECT count(*) FROM ratings WHERE case_id = $1 AND remark <> ''`
)

// ofCase are the statements that take out what is kept about a case.
var ofCase = []string{
	`UPDATE ratings SET remark = '' WHERE case_id = $1 AND remark <> ''`,
	`DELETE FROM jottings WHERE case_id = $1`,
	`DELETE FROM snoozes WHERE case_id = $1`,
	`DELETE FROM mentions WHERE case_id = $1`,
	`DELETE FROM looks WHERE case_id = $1`,
	`DELETE FROM read_marks WHERE case_id = $1`,
}

// ForgetAgent takes out what is an agent's own, and has what they did in the
// setup be by another name.
func (t Tx) ForgetAgent(ctx context.Context, who keeping.Names, as string) error {
	what := commit.Op{Doing: "forget agent", ID: string(who.Agent)}
	for _, text := range ofAgent {
		if err := t.KeepingTo.Write(ctx, what, text, string(who.Agent)); err != nil {
			return err
		}
	}
	for _, text := range signedBy {
		if err := t.KeepingTo.Write(ctx, what, text, string(who.Agent), as); err != nil {
			return err
		}
	}
	if who.Email != "" {
		if err := t.KeepingTo.Write(ctx, what, dropInvited, who.Email); err != nil {
			return err
		}
	}
	for _, name := range who.Called() {
		if err := t.KeepingTo.Write(ctx, what, invitedBy, name, as); err != nil {
			return err
		}
	}
	return nil
}

// ForgetCase takes out what is kept about a case, and says how many remarks there
// were.
func (t Tx) ForgetCase(ctx context.Context, id desk.CaseID) (n int, err error) {
	what := commit.Op{Doing: "forget what is kept about", ID: string(id)}
	many, err := first(ctx, t.Keeping, what, countRemarks, string(id))
	if err != nil {
		return 0, err
	}
	for _, text := range ofCase {
		if err := t.KeepingTo.Write(ctx, what, text, string(id)); err != nil {
			return 0, err
		}
	}
	return int(many), nil
}
