package exporting

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// What is audited here.
const (
	DidAsk      = "export-asked"
	DidDownload = "export-downloaded"
	DidDrop     = "export-removed"
)

// claimFor is how long a claim on an export holds unless it is renewed.
const claimFor = 2 * time.Minute

// shown is how many exports are looked at: a week of them, and many more.
const shown = 200

// A Service runs the use cases. It may be used by many goroutines. Make one with
// [New].
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s; now tells the time, by default the system clock.
func New(s store.Store, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// Ask asks for an export of an account. While one that was asked for is not made
// yet, that is the answer.
func (s *Service) Ask(ctx context.Context, by desk.By, account desk.AccountID) (e keeping.Export, err error) {
	fresh := keeping.Export{ID: strings.ToLower(rand.Text()[:16]), Account: account, By: by.Actor, AskedAt: s.now(), State: keeping.Asked}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		e = fresh
		if _, err := tx.Account(ctx, account); err != nil {
			return err
		}
		all, err := tx.Exports(ctx, shown)
		if err != nil {
			return err
		}
		for _, old := range all {
			if old.Account == account && old.State == keeping.Asked {
				e = old
				return nil
			}
		}
		if err := tx.SaveExport(ctx, &e); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, DidAsk, e)
	})
	if err != nil {
		return e, fmt.Errorf("ask for an export of account %s: %w", account, err)
	}
	return e, nil
}

func (s *Service) audit(ctx context.Context, tx store.Tx, by desk.By, what string, e keeping.Export) error {
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: by.Actor, Via: by.Via, What: what, Account: e.Account, Detail: map[string]string{"export": e.ID}})
}

// Take notes that somebody downloads an export, and returns it.
func (s *Service) Take(ctx context.Context, by desk.By, id string) (e keeping.Export, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if e, err = tx.Export(ctx, id); err != nil {
			return err
		}
		if e.State != keeping.Ready || !s.now().Before(e.Until) {
			return &desk.Refusal{Kind: desk.ErrNotFound, Message: "The file of this export is not there. Ask for a new export."}
		}
		return s.audit(ctx, tx, by, DidDownload, e)
	})
	return e, err
}

// Drop removes the file of an export before its time.
func (s *Service) Drop(ctx context.Context, by desk.By, id string) error {
	return s.store.Update(ctx, func(tx store.Tx) error {
		e, err := tx.Export(ctx, id)
		if err != nil || e.State != keeping.Ready {
			return err
		}
		if err := s.audit(ctx, tx, by, DidDrop, e); err != nil {
			return err
		}
		return gone(ctx, tx, e)
	})
}

func gone(ctx context.Context, tx store.Tx, e keeping.Export) error {
	e.State = keeping.Gone
	return errors.Join(tx.SaveExport(ctx, &e), tx.Discard(ctx, e.Hash))
}

// Claim gives the oldest export that nobody makes to the holder of a token. ok is
// false when there is none.
func (s *Service) Claim(ctx context.Context, token string) (e keeping.Export, ok bool, err error) {
	all, err := s.store.Exports(ctx, shown)
	if err != nil {
		return e, false, fmt.Errorf("read the exports: %w", err)
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].State != keeping.Asked {
			continue
		}
		err := s.Renew(ctx, all[i].ID, token)
		if errors.Is(err, desk.ErrConflict) {
			continue
		}
		return all[i], err == nil, err
	}
	return e, false, nil
}

// Renew holds a claim for longer, or says by desk.ErrConflict that it was lost.
func (s *Service) Renew(ctx context.Context, id, token string) error {
	now := s.now()
	return s.store.Update(ctx, func(tx store.Tx) error { return tx.ClaimExport(ctx, id, token, now, now.Add(claimFor)) })
}

// Finish stores what came of making an export: its file, or why there is none.
// When the claim was lost, the file is not needed.
func (s *Service) Finish(ctx context.Context, made keeping.Export, token string) error {
	now := s.now()
	return s.store.Update(ctx, func(tx store.Tx) error {
		e, err := tx.Export(ctx, made.ID)
		if err != nil {
			return err
		}
		if e.State != keeping.Asked || e.Claim != token {
			if made.Hash == "" {
				return nil
			}
			return tx.Discard(ctx, made.Hash)
		}
		made.Claim, made.Until = "", now.Add(keeping.KeptFor)
		if made.Hash == "" {
			return tx.SaveExport(ctx, &made)
		}
		return errors.Join(tx.SaveExport(ctx, &made), tx.KeepDiscarded(ctx, made.Hash))
	})
}

// Expire removes the files of exports that have had their time.
func (s *Service) Expire(ctx context.Context) error {
	all, err := s.store.Exports(ctx, shown)
	if err != nil {
		return fmt.Errorf("read the exports: %w", err)
	}
	var failed []error
	for _, e := range all {
		if e.State != keeping.Ready || s.now().Before(e.Until) {
			continue
		}
		failed = append(failed, s.store.Update(ctx, func(tx store.Tx) error {
			now, err := tx.Export(ctx, e.ID)
			if err != nil || now.State != keeping.Ready {
				return err
			}
			return gone(ctx, tx, now)
		}))
	}
	return errors.Join(failed...)
}
