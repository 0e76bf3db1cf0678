package recording

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/erasure"
	"caseline/internal/casework/internal/steps"
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
	Told   desk.EventTrace // of the stored events that tell of it; zero for none
}

// Edit records that a recorded message has new words. The original stays,
// unless its account wants it erased.
func (s *Service) Edit(ctx context.Context, tx store.Tx, r Revision) error {
	return s.revise(ctx, tx, desk.KindEdit, r)
}

// Delete records that a recorded message, with its files, or some files of it
// were deleted in Slack. The original stays, unless its account wants it
// erased.
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
	policy, err := erasure.Policy(ctx, tx, &c)
	if err != nil {
		return err
	}
	old, err := tx.EntryFrom(ctx, r.Of)
	if errors.Is(err, desk.ErrNotFound) {
		return erasure.Forget(ctx, tx, policy, kind, r.Told) // the message itself was never recorded
	}
	if err != nil {
		return err
	}
	// What is changed after the chat's end is no longer ours to record, but
	// what is to be withheld is to be at any time.
	if kind != desk.KindDeletion || !policy.Withholds() {
		if _, covered, err := covering(ctx, tx, &c, at, r.At); err != nil || !covered {
			return err
		}
	}
	if err := s.appendRevision(ctx, tx, &c, old, kind, r); err != nil {
		return err
	}
	if policy != desk.EraseDeleted {
		return nil
	}
	return erasure.Erase(ctx, tx, old, r.Told)
}

func (s *Service) appendRevision(ctx context.Context, tx store.Tx, c *desk.Case, old desk.Correspondence, kind desk.EntryKind, r Revision) error {
	origin, seen, err := fresh(ctx, tx, kind, r)
	if seen || err != nil {
		return err
	}
	entry := c.Revise(old, kind, r.By, r.Text, r.At, origin, s.now())
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	if err := steps.NotePeople(ctx, tx, r.Names...); err != nil {
		return err
	}
	if err := tx.SaveCase(ctx, c); err != nil {
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
	case err != nil || kind != desk.KindEdit || known.Text == r.Text || known.Marked(desk.MarkErased) && known.At.Equal(r.At):
		return r.Origin, true, err
	}
	sum := sha256.Sum256([]byte(r.Text))
	origin = r.Origin + ":" + desk.Origin(hex.EncodeToString(sum[:8]))
	seen, err = tx.Seen(ctx, origin)
	return origin, seen, err
}
