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

// due reports whether a token is to be refreshed; late says that Slack calls it
// expired.
func (k *Keeper) due(i served.Installation, late bool) bool {
	if i.Refresh == "" {
		return false
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(i.ID)) // never fails
	at := i.Expires.Add(-early - time.Duration(h.Sum32())%spread)
	now := k.opt.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	return (late || !now.Before(at)) && now.Sub(k.renewed[i.ID]) >= restful
}

// refresh has Slack give an installation its next tokens, if nobody else does.
func (k *Keeper) refresh(ctx context.Context, i served.Installation) error {
	err := k.cases.Claim(ctx, i, claimTTL)
	switch {
	case errors.Is(err, desk.ErrConflict), errors.Is(err, installing.ErrMoved):
		return nil // another node is at it, or was
	case err != nil:
		return err
	}
	p, err := k.safe.open(i)
	if err != nil {
		return err
	}
	given, have := k.unkept(i.ID, p)
	if !have {
		if given, err = k.ask(ctx, p.refresh); err != nil {
			return k.refused(ctx, i, err)
		}
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
	err := k.cases.Renew(ctx, i.ID, installing.Pair{Token: next.Token, Refresh: next.Refresh, Expires: k.expires(given)}, func(now served.Installation) bool {
		have, err := k.safe.open(now)
		return err == nil && now.Gone == "" && have.refresh == used.refresh
	})
	if errors.Is(err, installing.ErrMoved) {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		k.gifts[i.ID] = gift{used, given}
		return err
	}
	delete(k.gifts, i.ID)
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

// refused does what follows when Slack gave no tokens.
func (k *Keeper) refused(ctx context.Context, i served.Installation, err error) error {
	if code := api.Code(err); code == "invalid_refresh_token" {
		k.opt.Log.Error("slack takes the refresh token no more: the app is to be installed again", slog.String("workspace", string(i.ID)), slog.Any("err", err))
		err := k.cases.Remove(ctx, i, code)
		k.look()
		return err
	}
	return errors.Join(
		fmt.Errorf("the tokens of installation %s (%s) are not refreshed: %w", i.ID, i.Name, err),
		k.cases.Release(ctx, i),
	)
}
