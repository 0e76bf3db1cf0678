package installing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// A Service runs the use cases on a store. It may be used by many goroutines.
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s; without now it goes by the system's clock.
func New(s store.Store, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// change does something with an installation, under the lock of the setup.
func (s *Service) change(ctx context.Context, id served.InstallationID, fn func(tx store.Tx, i served.Installation) error) error {
	return s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		i, err := tx.Installation(ctx, id)
		if err != nil {
			return err
		}
		return fn(tx, i)
	})
}

// Install keeps an installation, instead of any of the same workspace or
// organisation before it, and of its workspace, if it is of one, that we may
// speak there. by is the person in Slack.
func (s *Service) Install(ctx context.Context, by desk.Actor, i served.Installation, w *served.Workspace) error {
	now := s.now()
	i.InstalledAt = now
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		before, err := tx.Installation(ctx, i.ID)
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		kept := i
		if i.Wide() {
			kept.Reaches = before.Reaches
		}
		if err := tx.SaveInstallation(ctx, &kept); err != nil {
			return err
		}
		if w != nil {
			if err := tx.SaveWorkspace(ctx, w); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, &desk.AuditEntry{At: now, By: by, Via: desk.ViaSlack, What: desk.DidInstall, Detail: map[string]string{
			"installation": string(i.ID), "name": i.Name, "again": strconv.FormatBool(before.ID != ""),
		}})
	})
	if err != nil {
		return fmt.Errorf("keep installation %s: %w", i.ID, err)
	}
	return nil
}

// Remove notes that an installation is no more, and drops its tokens, as long as
// the token is the one that was seen.
func (s *Service) Remove(ctx context.Context, seen served.Installation, reason string) error {
	now := s.now()
	err := s.change(ctx, seen.ID, func(tx store.Tx, i served.Installation) error {
		if i.Gone != "" || i.Token != seen.Token {
			return nil
		}
		i.Gone, i.Token, i.Refresh, i.Expires, i.RefreshBy = reason, "", "", time.Time{}, time.Time{}
		if err := tx.SaveInstallation(ctx, &i); err != nil {
			return err
		}
		return tx.Audit(ctx, &desk.AuditEntry{At: now, By: desk.BySystem(), What: desk.DidUninstall, Detail: map[string]string{
			"installation": string(i.ID), "name": i.Name, "reason": reason,
		}})
	})
	if err != nil {
		return fmt.Errorf("installation %s is no more: %w", seen.ID, err)
	}
	return nil
}

// ErrMoved says that an installation has another token by now than was seen.
var ErrMoved = errors.New("it has another token by now")

// Claim makes the caller the only one who refreshes an installation's tokens, for
// ttl, and returns when that ends. desk.ErrConflict when somebody else does;
// ErrMoved when somebody has.
func (s *Service) Claim(ctx context.Context, seen served.Installation, ttl time.Duration) (until time.Time, err error) {
	err = s.change(ctx, seen.ID, func(tx store.Tx, i served.Installation) error {
		if i.Token != seen.Token {
			return ErrMoved
		}
		if err := tx.ClaimRefresh(ctx, i.ID, ttl); err != nil {
			return err
		}
		claimed, err := tx.Installation(ctx, i.ID)
		until = claimed.RefreshBy
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("claim the refreshing of installation %s: %w", seen.ID, err)
	}
	return until, nil
}

// Release ends a claim under which nothing was refreshed, if it is still the one
// that was seen.
func (s *Service) Release(ctx context.Context, seen served.Installation) error {
	return s.change(ctx, seen.ID, func(tx store.Tx, i served.Installation) error {
		if i.Token != seen.Token || !i.RefreshBy.Equal(seen.RefreshBy) {
			return nil
		}
		i.RefreshBy = time.Time{}
		return tx.SaveInstallation(ctx, &i)
	})
}

// A Pair is what an installation is given by a refresh, sealed.
type Pair struct {
	Token, Refresh string
	Expires        time.Time
}

// Renew keeps the pair that Slack gave for an installation's refresh token, if
// that is still the one that it has: same says so. It ends the claim. Not the
// claim decides: the pair is the newest even when it came late.
func (s *Service) Renew(ctx context.Context, id served.InstallationID, p Pair, same func(served.Installation) (bool, error)) error {
	err := s.change(ctx, id, func(tx store.Tx, i served.Installation) error {
		if yes, err := same(i); err != nil {
			return err
		} else if !yes {
			return ErrMoved
		}
		i.Token, i.Refresh, i.Expires, i.RefreshBy = p.Token, p.Refresh, p.Expires, time.Time{}
		return tx.SaveInstallation(ctx, &i)
	})
	if err != nil {
		return fmt.Errorf("keep the new tokens of installation %s: %w", id, err)
	}
	return nil
}

// Reach notes into which workspaces an organisation's installation is let. Those
// that nobody knew are kept as workspaces. ErrMoved when somebody has noted others
// since it was seen.
func (s *Service) Reach(ctx context.Context, seen served.Installation, into []served.Workspace) error {
	err := s.change(ctx, seen.ID, func(tx store.Tx, i served.Installation) error {
		if !slices.Equal(i.Reaches, seen.Reaches) {
			return ErrMoved
		}
		var reaches []desk.WorkspaceID
		for _, w := range into {
			reaches = append(reaches, w.ID)
			if err := meet(ctx, tx, i, w); err != nil {
				return err
			}
		}
		slices.Sort(reaches)
		if slices.Equal(reaches, i.Reaches) {
			return nil
		}
		i.Reaches = reaches
		return tx.SaveInstallation(ctx, &i)
	})
	if err != nil {
		return fmt.Errorf("keep where installation %s is let in: %w", seen.ID, err)
	}
	return nil
}

// meet keeps a workspace of an organisation, if nobody knew it.
func meet(ctx context.Context, tx store.Tx, i served.Installation, w served.Workspace) error {
	_, err := tx.Workspace(ctx, w.ID)
	if !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	w.AppID, w.BotUID = i.AppID, i.BotUID
	return tx.SaveWorkspace(ctx, &w)
}

// Reseal keeps the tokens of all installations as seal returns them, all or none,
// and counts those of which they differ.
func (s *Service) Reseal(ctx context.Context, seal func(served.Installation) (served.Installation, error)) (anew int, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		anew = 0 // the update may run again
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		all, err := tx.Installations(ctx)
		if err != nil {
			return err
		}
		for _, i := range all {
			sealed, err := seal(i)
			if err != nil {
				return err
			}
			if sealed.Token == i.Token && sealed.Refresh == i.Refresh {
				continue
			}
			anew++
			if err := tx.SaveInstallation(ctx, &sealed); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("seal the tokens anew: %w", err)
	}
	return anew, nil
}
