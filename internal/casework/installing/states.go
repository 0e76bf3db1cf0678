package installing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

const (
	// StateTTL is how long somebody may take to consent. Slack's code lives as
	// long.
	StateTTL = 10 * time.Minute
	// kept is how long a state is known after that, to tell who comes late from
	// who comes with something that never was.
	kept = time.Hour
	// mostStates is how many are kept: anybody may begin one, and each of several
	// nodes lets as many begin as it would alone.
	mostStates = 2000
)

// The ways in which what comes back from Slack is none that we wait for.
var (
	ErrUnknown      = errors.New("no installation was begun like that")
	ErrExpired      = errors.New("it was begun too long ago")
	ErrUsed         = errors.New("it has come back already")
	ErrOtherBrowser = errors.New("another browser began it")
)

// Begin keeps that a browser begins an installation. Both are hashes.
func (s *Service) Begin(ctx context.Context, state, browser string) error {
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		if err := tx.PurgeInstallStates(ctx, now.Add(-kept), mostStates-1); err != nil {
			return err
		}
		return tx.SaveInstallState(ctx, &served.InstallState{Hash: state, Browser: browser, Expires: now.Add(StateTTL)})
	})
	if err != nil {
		return fmt.Errorf("begin an installation: %w", err)
	}
	return nil
}

// ComeBack uses up a begun installation, or returns one of the errors above.
// Another browser than the one that began does not use it up.
func (s *Service) ComeBack(ctx context.Context, state, browser string) error {
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		begun, err := tx.InstallState(ctx, state)
		switch {
		case errors.Is(err, desk.ErrNotFound):
			return ErrUnknown
		case err != nil:
			return err
		case begun.Browser != browser:
			return ErrOtherBrowser
		case begun.Used:
			return ErrUsed
		case !now.Before(begun.Expires):
			return ErrExpired
		}
		begun.Used = true
		return tx.SaveInstallState(ctx, &begun)
	})
	if err != nil {
		return fmt.Errorf("an installation comes back: %w", err)
	}
	return nil
}
