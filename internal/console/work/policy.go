package work

import (
	"context"
	"errors"

	"caseline/internal/desk"
)

// PolicyOf is what an account wants with what people delete.
func PolicyOf(ctx context.Context, read Reader, id desk.AccountID) (desk.DeletionPolicy, error) {
	account, err := read.Account(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.KeepDeleted, nil // a case outlives the account's configuration
	}
	return account.Deletions, err
}

// Reading is an entry, and what agents may see of it.
func Reading(ctx context.Context, read Reader, policy desk.DeletionPolicy, id desk.CaseID, seq int64) (desk.Correspondence, desk.Reading, error) {
	e, err := read.Entry(ctx, id, seq)
	if err != nil {
		return e, desk.Reading{}, err
	}
	changes, err := read.Changes(ctx, id, seq)
	return e, policy.Read(e, changes), err
}

// gone reports whether agents may not see what an entry, or the one that it
// changes, said.
func (l *Lists) gone(ctx context.Context, policy desk.DeletionPolicy, e desk.Correspondence) (bool, error) {
	if !policy.Withholds() || e.Author.Side != desk.SideCustomer {
		return false, nil
	}
	seq := e.Seq
	switch e.Kind {
	case desk.KindMessage, desk.KindFile:
	case desk.KindEdit:
		seq = e.Refers
	default:
		return false, nil
	}
	_, r, err := Reading(ctx, l.Read, policy, e.Case, seq)
	// Of an edited message, its newest words follow.
	return r.Gone || r.Shorn && e.Kind == desk.KindMessage || e.Text == "", err
}
