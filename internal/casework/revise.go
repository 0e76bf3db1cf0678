package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Revision is an edit or deletion, in Slack, of a message that may be
// recorded.
type Revision struct {
	Place  desk.Place  // the channel
	In     desk.Place  // the thread, if the message is a reply
	Of     desk.Origin // of the message; empty when only files of it were deleted
	By     desk.PersonID
	Text   string          // the new words, for an edit
	Names  []desk.PersonID // whom they mention
	Files  []desk.Origin   // those deleted with the message
	Ts     string          // the message's, as Slack spells it
	At     time.Time       // when it was edited or deleted
	Origin desk.Origin
}

// Edit records that a recorded message has new words. The original stays.
func (s *Service) Edit(ctx context.Context, tx store.Tx, r Revision) error {
	return s.revise(ctx, tx, desk.KindEdit, r)
}

// Delete records that a recorded message, with its files, or some files of it
// were deleted in Slack. The original stays.
func (s *Service) Delete(ctx context.Context, tx store.Tx, r Revision) error {
	if r.Of != "" {
		if err := s.revise(ctx, tx, desk.KindDeletion, r); err != nil {
			return err
		}
	}
	for _, file := range r.Files {
		r.Of, r.Origin = file, file+":deleted"
		if err := s.revise(ctx, tx, desk.KindDeletion, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) revise(ctx context.Context, tx store.Tx, kind desk.EntryKind, r Revision) error {
	c, at, err := lockWhere(ctx, tx, r.Place, r.In)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	old, err := tx.EntryFrom(ctx, r.Of)
	if errors.Is(err, desk.ErrNotFound) {
		return nil // the message itself was never recorded
	}
	if err != nil {
		return err
	}
	// What is changed after the chat's end is no longer ours to record.
	if _, covered, err := covering(ctx, tx, &c, at, r.At); err != nil || !covered {
		return err
	}
	origin, seen, err := fresh(ctx, tx, kind, r)
	if seen || err != nil {
		return err
	}
	entry := c.Revise(old, kind, r.By, r.Text, r.At, origin, s.now())
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	if err := note(ctx, tx, r.Names...); err != nil {
		return err
	}
	if err := tx.SaveCase(ctx, &c); err != nil {
		return fmt.Errorf("revise in case %s: %w", c.ID, err)
	}
	return nil
}

// fresh returns the origin for a revision, unless it is recorded already.
// Slack tells of edits by the second, so of two within one the words decide.
func fresh(ctx context.Context, tx store.Tx, kind desk.EntryKind, r Revision) (origin desk.Origin, seen bool, err error) {
	known, err := tx.EntryFrom(ctx, r.Origin)
	switch {
	case errors.Is(err, desk.ErrNotFound):
		return r.Origin, false, nil
	case err != nil || kind != desk.KindEdit || known.Text == r.Text || known.Marked(desk.MarkErased):
		return r.Origin, true, err
	}
	sum := sha256.Sum256([]byte(r.Text))
	origin = r.Origin + ":" + desk.Origin(hex.EncodeToString(sum[:8]))
	seen, err = tx.Seen(ctx, origin)
	return origin, seen, err
}
