package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// policyOf is what the account of a case wants with what people delete.
func policyOf(ctx context.Context, tx store.Tx, c *desk.Case) (desk.DeletionPolicy, error) {
	account, err := tx.Account(ctx, c.Account)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.KeepDeleted, nil // a case outlives the account's configuration
	}
	return account.Deletions, err
}

// erase takes out of the record, and out of the stored events, what the author
// of old no longer wants there: all of it when it is deleted, the earlier words
// when it is edited.
func erase(ctx context.Context, tx store.Tx, old desk.Correspondence, r Revision) error {
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
	return eraseEvents(ctx, tx, r.Told)
}

// forget blanks what the stored events say of a deleted message that was never
// recorded, such as one from before the agent joined.
func forget(ctx context.Context, tx store.Tx, policy desk.DeletionPolicy, kind desk.EntryKind, r Revision) error {
	if policy != desk.EraseDeleted || kind != desk.KindDeletion {
		return nil
	}
	return eraseEvents(ctx, tx, r.Told)
}

// forgetAgain blanks the event of a message that has come once more, or late,
// if the entry with the origin was erased meanwhile.
func forgetAgain(ctx context.Context, tx store.Tx, m desk.Message, origin desk.Origin) error {
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

// KeepDiscarded notes that bytes which were discarded are removed, or are to
// stay because a file has them.
func (s *Service) KeepDiscarded(ctx context.Context, hash string) error {
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.KeepDiscarded(ctx, hash) }); err != nil {
		return fmt.Errorf("keep %s discarded: %w", hash, err)
	}
	return nil
}

// tsOf is how Slack spells the message with an origin.
func tsOf(o desk.Origin) string { return string(o[strings.LastIndexByte(string(o), ':')+1:]) }
