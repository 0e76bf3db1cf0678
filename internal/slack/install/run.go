package install

import (
	"context"
	"log/slog"
	"slices"
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
	k.began = k.opt.Now()
	all, err := k.store.Installations(ctx)
	if err != nil {
		return err
	}
	if k.told == nil {
		k.told = ended(all)
	}
	apps, closed := k.apps(all)
	k.hear(all, apps)
	k.tell(all, apps, closed)
	for _, i := range all {
		switch {
		case i.Gone != "":
			k.settle(i.ID)
		case !closed[i.ID] && ctx.Err() == nil:
			k.serve(ctx, i)
		}
	}
	return nil
}

// serve does what is due for one installation.
func (k *Keeper) serve(ctx context.Context, i served.Installation) {
	if k.due(i) {
		k.try(ctx, refreshing(i.ID), func() error { return k.refresh(ctx, i) })
	} else {
		k.note(refreshing(i.ID), nil) // another node may have done it
	}
	if i.Wide() && k.listDue(i.ID) {
		k.try(ctx, listing(i.ID), func() error { return k.listAlone(ctx, i.ID) })
	}
}

// hear does what follows from what others have told.
func (k *Keeper) hear(all []served.Installation, apps map[desk.WorkspaceID]App) {
	k.mu.Lock()
	doubted, vanished := k.doubted, k.vanished
	k.doubted, k.vanished = map[desk.WorkspaceID]bool{}, map[desk.WorkspaceID]bool{}
	k.mu.Unlock()
	for _, i := range all {
		for w := range doubted {
			if app := apps[w]; app.of == i.ID && app.Token == k.told[w].Token {
				k.doubt(i)
			}
		}
	}
	for w := range vanished {
		k.told[w] = App{Workspace: w, of: served.InstallationID(w)}
	}
}

// ended are the apps of installations that are no more. Whoever ended them may
// have died before it was told, so it is told again by a node that starts.
func ended(all []served.Installation) map[desk.WorkspaceID]App {
	apps := map[desk.WorkspaceID]App{}
	for _, i := range all {
		for _, w := range append(slices.Clone(i.Reaches), i.Workspace) {
			if w != "" && i.Gone != "" {
				apps[w] = App{Workspace: w, of: i.ID}
			}
		}
	}
	return apps
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
