package erasure

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Policy is what the account of a case wants with what people delete.
func Policy(ctx context.Context, tx store.Tx, c *desk.Case) (desk.DeletionPolicy, error) {
	account, err := tx.Account(ctx, c.Account)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.KeepDeleted, nil // a case outlives the account's configuration
	}
	return account.Deletions, err
}

// Erase takes out of the record, and out of the stored events, what the author
// of old no longer wants there: all of it when it is deleted, the earlier words
// when it is edited. told is the event that said so.
func Erase(ctx context.Context, tx store.Tx, old desk.Correspondence, told desk.EventTrace) error {
	changes, err := tx.Changes(ctx, old.Case, old.Seq)
	if err != nil {
		return err
	}
	stays, due := desk.Stands(changes)
	if !due {
		return nil
	}
	if err := tx.EraseEntry(ctx, old.Case, old.Seq, stays); err != nil {
		return fmt.Errorf("erase in case %s: %w", old.Case, err)
	}
	return eraseEvents(ctx, tx, told)
}

// Forget blanks what the stored events say of a deleted message that was never
// recorded, such as one from before the agent joined.
func Forget(ctx context.Context, tx store.Tx, policy desk.DeletionPolicy, kind desk.EntryKind, told desk.EventTrace) error {
	if policy != desk.EraseDeleted || kind != desk.KindDeletion {
		return nil
	}
	return eraseEvents(ctx, tx, told)
}

// ForgetAgain blanks the event of a message that has come once more, or late,
// if the entry with the origin was erased meanwhile.
func ForgetAgain(ctx context.Context, tx store.Tx, m desk.Message, origin desk.Origin) error {
	old, err := tx.EntryFrom(ctx, origin)
	if err != nil || !old.Marked(desk.MarkErased) {
		return err
	}
	return eraseEvents(ctx, tx, m.Told)
}

// eraseEvents does nothing for what comes from Slack's history.
func eraseEvents(ctx context.Context, tx store.Tx, told desk.EventTrace) error {
	if told == (desk.EventTrace{}) {
		return nil
	}
	return tx.EraseEvents(ctx, told)
}
