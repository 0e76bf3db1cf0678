package install

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"caseline/internal/casework/installing"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/seal"
	"caseline/internal/slack/api"
	"caseline/internal/store"
)

// Options are what a Keeper can be given besides; all but PublicURL may be left
// out.
type Options struct {
	Log       *slog.Logger                            // default: none
	Now       func() time.Time                        // default: the system's
	Put       func(App)                               // told of each App, and of its other token; returns at once
	Remove    func(w desk.WorkspaceID, reason string) // told of each that is no more; returns at once
	PublicURL string                                  // where people reach the server
	Secure    bool                                    // cookies go over https only
}

// A Keeper keeps what Slack gave. It may be used by many goroutines. Make one
// with [New].
type Keeper struct {
	store store.Store
	cases *installing.Service
	oauth *api.OAuth
	safe  safe
	opt   Options
	wake  chan struct{}
	told  map[desk.WorkspaceID]App // whom Put was told of; nil before the first turn; only Run touches it
	began time.Time                // when the last turn began; as above
	lists chan struct{}            // has one in it while an organisation is asked where we are let in

	mu       sync.Mutex // guards the rest, for one look or one write
	doubted  map[desk.WorkspaceID]bool
	vanished map[desk.WorkspaceID]bool        // served by somebody, and installed no more
	shut     map[served.InstallationID]string // the sealed token that Slack takes no more
	troubles map[string]trouble
	listed   map[served.InstallationID]time.Time // when an organisation was last asked where we are let in
	asked    int                                 // how many times any organisation was asked
	answered map[served.InstallationID]int       // the last of these questions that an organisation answered
	renewed  map[served.InstallationID]time.Time // when this node last refreshed
	gifts    map[served.InstallationID]gift      // what could not be written yet
}

// New returns a Keeper of the installations in s, whose tokens ring seals.
func New(s store.Store, oauth *api.OAuth, ring *seal.Ring, o Options) *Keeper {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Put == nil {
		o.Put = func(App) {}
	}
	if o.Remove == nil {
		o.Remove = func(desk.WorkspaceID, string) {}
	}
	return &Keeper{
		store: s, cases: installing.New(s, o.Now), oauth: oauth, safe: safe{ring}, opt: o, wake: make(chan struct{}, 1), lists: make(chan struct{}, 1),
		doubted: map[desk.WorkspaceID]bool{}, vanished: map[desk.WorkspaceID]bool{}, shut: map[served.InstallationID]string{}, troubles: map[string]trouble{},
		listed: map[served.InstallationID]time.Time{}, answered: map[served.InstallationID]int{}, renewed: map[served.InstallationID]time.Time{}, gifts: map[served.InstallationID]gift{},
	}
}

// Format prints nothing of what it keeps, whatever the verb.
func (k *Keeper) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "keeper of installations") }

// look has Run look at once.
func (k *Keeper) look() {
	select {
	case k.wake <- struct{}{}:
	default: // it will anyway
	}
}

// Apps returns our app in all workspaces in which it is installed and whose
// tokens open, by workspace. What does not open is logged, and said by Troubles.
func (k *Keeper) Apps(ctx context.Context) ([]App, error) {
	all, err := k.store.Installations(ctx)
	if err != nil {
		return nil, err
	}
	apps, _ := k.apps(all)
	return slices.SortedFunc(maps.Values(apps), func(a, b App) int { return cmp.Compare(a.Workspace, b.Workspace) }), nil
}

// apps are our apps by workspace, and which installations do not open. A
// workspace's own installation goes before its organisation's.
func (k *Keeper) apps(all []served.Installation) (apps map[desk.WorkspaceID]App, closed map[served.InstallationID]bool) {
	apps, closed = map[desk.WorkspaceID]App{}, map[served.InstallationID]bool{}
	for _, i := range all {
		if i.Gone != "" {
			continue
		}
		p, err := k.safe.open(i)
		k.note(opening(i.ID), err)
		if err != nil {
			closed[i.ID] = true
			continue
		}
		if !i.Wide() {
			apps[i.Workspace] = appOf(i, i.Workspace, p)
			continue
		}
		for _, w := range i.Reaches {
			if apps[w].of == "" {
				apps[w] = appOf(i, w, p)
			}
		}
	}
	return apps, closed
}

func appOf(i served.Installation, w desk.WorkspaceID, p pair) App {
	app := App{Workspace: w, Token: p.token, Enterprise: i.Enterprise, Version: i.Version, of: i.ID}
	if i.Wide() {
		app.Team = string(w)
	}
	return app
}

// Resolve returns our app in a workspace that an event is about, which may have
// been installed or let in since anybody looked. Of an organisation's workspace that
// nobody knows the organisation is asked: events come late, too.
func (k *Keeper) Resolve(ctx context.Context, team, enterprise string) (App, bool, error) {
	if team == "" {
		return App{}, false, nil
	}
	i, err := k.find(ctx, team, enterprise)
	if errors.Is(err, desk.ErrNotFound) {
		return App{}, false, nil
	}
	if err != nil {
		return App{}, false, err
	}
	w := desk.WorkspaceID(team)
	if i.Wide() && !slices.Contains(i.Reaches, w) {
		if i, err = k.askAgain(ctx, i.ID); err != nil || !slices.Contains(i.Reaches, w) {
			return App{}, false, err
		}
	}
	p, err := k.safe.open(i)
	if err != nil {
		return App{}, false, err
	}
	k.look()
	return appOf(i, w, p), true, nil
}

// find returns the installation that is meant by where something happened: of
// the workspace, or else of its organisation. desk.ErrNotFound when neither is.
func (k *Keeper) find(ctx context.Context, team, enterprise string) (served.Installation, error) {
	for _, id := range []string{team, enterprise} {
		if id == "" {
			continue
		}
		i, err := k.store.Installation(ctx, served.InstallationID(id))
		if err == nil && i.Gone == "" || err != nil && !errors.Is(err, desk.ErrNotFound) {
			return i, err
		}
	}
	return served.Installation{}, desk.ErrNotFound
}

// Gone is told by whoever serves a workspace, or by an organisation, that Slack
// does not let us in. The installation is no more if Slack says so of the token
// that we have: the app may have been installed again since whatever was heard, or
// the token may have been replaced, which a refresh shows.
func (k *Keeper) Gone(ctx context.Context, team, enterprise, reason string) error {
	i, err := k.find(ctx, team, enterprise)
	if errors.Is(err, desk.ErrNotFound) {
		k.vanish(desk.WorkspaceID(team))
		return nil
	}
	if err != nil {
		return err
	}
	switch err := k.knock(ctx, i); {
	case i.Refresh != "" && replaced(err):
		k.doubt(i)
	case api.ShutOut(err):
		return k.remove(ctx, i, reason)
	case err != nil:
		return err
	}
	k.look()
	return nil
}

// knock asks Slack whether it takes the token of an installation.
func (k *Keeper) knock(ctx context.Context, i served.Installation) error {
	p, err := k.safe.open(i)
	if err != nil {
		return err
	}
	client, err := k.oauth.Client(p.token, "")
	if err != nil {
		return err
	}
	_, err = client.AuthTest(ctx)
	return err
}

// replaced reports whether err may be said of a token only because a later refresh
// gave another, which is not written yet.
func replaced(err error) bool {
	switch api.Code(err) {
	case "token_expired", "token_revoked", "invalid_auth":
		return true
	}
	return false
}

func (k *Keeper) remove(ctx context.Context, i served.Installation, reason string) error {
	k.opt.Log.Error("slack lets our app in no more: its tokens are dropped", slog.String("workspace", string(i.ID)), slog.String("err", reason))
	err := k.cases.Remove(ctx, i, reason)
	k.look()
	return err
}

// vanish has it told again that a workspace is served no more.
func (k *Keeper) vanish(w desk.WorkspaceID) {
	if w == "" {
		return
	}
	k.mu.Lock()
	k.vanished[w] = true
	k.mu.Unlock()
	k.look()
}

// doubt has an installation refreshed, because Slack does not take the token that
// it has, unless that has only just come. It outlives failures.
func (k *Keeper) doubt(i served.Installation) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.opt.Now().Sub(k.renewed[i.ID]) >= restful {
		k.shut[i.ID] = i.Token
	}
}

// Doubt has the token of a workspace refreshed at once, because Slack says that
// its time is over. It returns at once.
func (k *Keeper) Doubt(w desk.WorkspaceID) {
	k.mu.Lock()
	k.doubted[w] = true
	k.mu.Unlock()
	k.look()
}

// Relist has organisations asked at once where we are let in, because something
// was heard of that. It returns at once.
func (k *Keeper) Relist() {
	k.mu.Lock()
	clear(k.listed)
	k.mu.Unlock()
	k.look()
}
