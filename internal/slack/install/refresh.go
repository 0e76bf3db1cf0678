package install

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"caseline/internal/casework/installing"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
)

const (
	// early is how long before its end a token is refreshed at the latest, and
	// spread by how much earlier some are: not all at once.
	early, spread = 2 * time.Hour, 10 * time.Minute
	// refreshTimeout is how long Slack may take, and claimTTL how long one node
	// has for all of it: no longer than Slack takes a used refresh token, so that
	// another can ask again when that node has died.
	refreshTimeout, claimTTL = 10 * time.Second, 20 * time.Second
	// restful is how soon a token is refreshed that has only just been.
	restful = time.Minute
)

// due reports whether a token is to be refreshed: its end is near, or Slack takes
// it no more.
func (k *Keeper) due(i served.Installation) bool {
	if i.Refresh == "" {
		return false
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(i.ID)) // never fails
	at := i.Expires.Add(-early - time.Duration(h.Sum32())%spread)
	now := k.opt.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.shut[i.ID] == i.Token || !now.Before(at) && now.Sub(k.renewed[i.ID]) >= restful
}

// refresh has Slack give an installation its next tokens, if nobody else does.
func (k *Keeper) refresh(ctx context.Context, i served.Installation) error {
	p, err := k.safe.open(i)
	if err != nil {
		return err
	}
	if given, have := k.unkept(i.ID, p); have {
		return k.keep(ctx, i, p, given) // whoever's claim it is
	}
	until, err := k.cases.Claim(ctx, i, claimTTL)
	switch {
	case errors.Is(err, desk.ErrConflict), errors.Is(err, installing.ErrMoved):
		return nil // another node is at it, or was
	case err != nil:
		return err
	}
	given, err := k.ask(ctx, p.refresh)
	if err != nil {
		i.RefreshBy = until
		return errors.Join(k.refused(ctx, i, err), k.cases.Release(ctx, i))
	}
	return k.keep(ctx, i, p, given)
}

var errRefreshTimeout = errors.New("slack gave no new tokens in time")

func (k *Keeper) ask(ctx context.Context, refresh string) (api.Given, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, refreshTimeout, errRefreshTimeout)
	defer cancel()
	return k.oauth.Refresh(ctx, refresh)
}

// A gift is what Slack gave for a refresh token.
type gift struct {
	used  pair
	given api.Given
}

// unkept is what Slack gave before and could not be written. It is not asked for
// twice: Slack takes a used token for a short while only.
func (k *Keeper) unkept(id served.InstallationID, used pair) (api.Given, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	g, have := k.gifts[id]
	return g.given, have && g.used == used
}

// keep writes what Slack gave for a refresh token. It is the newest as long as
// that is the one in the database, whoever's claim it is by now.
func (k *Keeper) keep(ctx context.Context, i served.Installation, used pair, given api.Given) error {
	next := served.Installation{ID: i.ID}
	k.safe.put(&next, pair{given.Token, given.Refresh})
	err := k.cases.Renew(ctx, i.ID, installing.Pair{Token: next.Token, Refresh: next.Refresh, Expires: k.expires(given)}, func(now served.Installation) (bool, error) {
		if now.Gone != "" {
			return false, nil
		}
		have, err := k.safe.open(now)
		return have.refresh == used.refresh, err
	})
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil && !errors.Is(err, installing.ErrMoved) {
		k.gifts[i.ID] = gift{used, given}
		return err
	}
	delete(k.gifts, i.ID)
	if err != nil {
		return nil // it has other tokens by now
	}
	delete(k.shut, i.ID)
	k.renewed[i.ID] = k.opt.Now()
	k.opt.Log.Info("tokens refreshed", slog.String("workspace", string(i.ID)))
	k.look()
	return nil
}

// expires is when the time of a token is over that has just come.
func (k *Keeper) expires(given api.Given) time.Time {
	if given.Expires <= 0 {
		return time.Time{}
	}
	return k.opt.Now().UTC().Truncate(time.Microsecond).Add(given.Expires)
}

// refused does what follows when Slack gave no tokens. An installation whose
// refresh token is taken no more lives as long as its token: another node may have
// what Slack gave for it, and people have time to install the app again.
func (k *Keeper) refused(ctx context.Context, i served.Installation, err error) error {
	code := api.Code(err)
	if code != "invalid_refresh_token" && !api.ShutOut(err) {
		return fmt.Errorf("the tokens of installation %s (%s) are not refreshed: %w", i.ID, i.Name, err)
	}
	if api.ShutOut(k.knock(ctx, i)) {
		return k.remove(ctx, i, code)
	}
	return fmt.Errorf("slack takes the refresh token of installation %s (%s) no more: install the app there again before %s: %w",
		i.ID, i.Name, i.Expires.UTC().Format("2006-01-02 15:04 UTC"), err)
}
