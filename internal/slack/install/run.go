package install

import (
	"context"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/nap"
	"caseline/internal/store"
)

// lookEvery is how often the database is looked at for what no hint told of.
const lookEvery = 30 * time.Second

// Run refreshes tokens and tells of Apps, until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	hints := make(chan struct{}, 1)
	defer k.store.Watch(func(h store.Hint) {
		if h.Agents || h.All {
			select {
			case hints <- struct{}{}:
			default: // it has been said
			}
		}
	})()
	for {
		if err := k.turn(ctx); err != nil && ctx.Err() == nil {
			k.opt.Log.Error("installations not looked at", slog.Any("err", err))
		}
		if !nap.For(ctx, k.rest(), k.wake, hints) {
			return nil
		}
	}
}

// turn does all that is due.
func (k *Keeper) turn(ctx context.Context) error {
	all, err := k.store.Installations(ctx)
	if err != nil {
		return err
	}
	apps, closed := k.apps(all)
	doubted, relist := k.asked()
	late := map[served.InstallationID]desk.WorkspaceID{} // whose token Slack calls expired, by who heard so
	for w := range doubted {
		if app := apps[w]; app.Token == k.told[w].Token {
			late[app.of] = w
		}
	}
	k.tell(all, apps, closed)
	for _, i := range all {
		switch {
		case i.Gone != "":
			k.settle(i.ID)
		case !closed[i.ID] && ctx.Err() == nil:
			k.serve(ctx, i, late[i.ID], relist)
		}
	}
	return nil
}

// serve does what is due for one installation; late is where its token was called
// expired, if it was.
func (k *Keeper) serve(ctx context.Context, i served.Installation, late desk.WorkspaceID, relist bool) {
	switch {
	case !k.due(i, late != ""):
		k.note(refreshing(i.ID), nil) // another node may have done it
	case !k.try(ctx, refreshing(i.ID), func() error { return k.refresh(ctx, i) }) && late != "":
		k.mu.Lock()
		k.doubted[late] = true // until it is
		k.mu.Unlock()
	}
	if i.Wide() && k.listDue(i, relist) && !k.try(ctx, listing(i.ID), func() error { return k.list(ctx, i) }) {
		k.unlisted(i.ID)
	}
}

// asked takes what others have asked for.
func (k *Keeper) asked() (doubted map[desk.WorkspaceID]bool, relist bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	doubted, relist = k.doubted, k.relist
	k.doubted, k.relist = map[desk.WorkspaceID]bool{}, false
	return doubted, relist
}

// tell tells of what has changed since it last did. Of what does not open any
// more nothing is told: it goes on as it was.
func (k *Keeper) tell(all []served.Installation, apps map[desk.WorkspaceID]App, closed map[served.InstallationID]bool) {
	for w, app := range apps {
		if was := k.told[w]; was.Token != app.Token || was.Team != app.Team {
			k.opt.Put(app)
		}
		k.told[w] = app
	}
	for w, app := range k.told {
		if _, still := apps[w]; still || closed[app.of] {
			continue
		}
		delete(k.told, w)
		k.opt.Remove(w, whyGone(all, app.of))
	}
}

// whyGone is Slack's word for why an app is no more.
func whyGone(all []served.Installation, id served.InstallationID) string {
	for _, i := range all {
		if i.ID == id && i.Gone != "" {
			return i.Gone
		}
	}
	return "team_access_revoked"
}
