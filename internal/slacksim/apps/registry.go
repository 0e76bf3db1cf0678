package apps

import (
	"slices"
	"sync"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/keep"
)

// A Registry has all apps and their installations. Create it with New.
type Registry struct {
	mu       sync.Mutex // guards all below, for a few instructions
	apps     keep.Table[entity.App]
	installs keep.Table[entity.Installation] // by app and place, see key
	codes    keep.Table[Code]
	tokens   keep.Table[Token]
}

// New returns an empty registry.
func New() *Registry {
	return &Registry{
		apps: keep.NewTable[entity.App]("app"), installs: keep.NewTable[entity.Installation]("install"),
		codes: keep.NewTable[Code]("code"), tokens: keep.NewTable[Token]("token"),
	}
}

// Loaders are the parts that read their own records back.
func (r *Registry) Loaders() map[string]keep.Loader {
	return map[string]keep.Loader{
		r.apps.Kind: &r.apps, r.installs.Kind: &r.installs, r.codes.Kind: &r.codes, r.tokens.Kind: &r.tokens,
	}
}

func key(app, place string) string { return app + "/" + place }

// PutApp stores an app.
func (r *Registry) PutApp(l *keep.Log, a entity.App) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.apps.Put(l, a.ID, a)
}

// Put stores an installation.
func (r *Registry) Put(l *keep.Log, in entity.Installation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.installs.Put(l, key(in.App, in.Place()), in)
}

// App returns the app with that id.
func (r *Registry) App(id string) (entity.App, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return keep.Deref(r.apps.Rows[id])
}

// All returns all apps, installed or not, oldest first.
func (r *Registry) All() []entity.App {
	r.mu.Lock()
	defer r.mu.Unlock()
	return keep.Values(r.apps.Sorted())
}

// ByClient returns the app with that client id.
func (r *Registry) ByClient(id string) (entity.App, bool) {
	all := r.All()
	i := slices.IndexFunc(all, func(a entity.App) bool { return id != "" && a.ClientID == id })
	if i < 0 {
		return entity.App{}, false
	}
	return all[i], true
}

// In returns the apps installed in a workspace.
func (r *Registry) In(workspace string) []entity.App {
	var out []entity.App
	for _, in := range r.Installs() {
		if in.Workspace == workspace && !in.Revoked {
			a, _ := r.App(in.App)
			out = append(out, a)
		}
	}
	return out
}

// Installed returns the installation of an app in a workspace, or that of a
// whole organisation; also a revoked one.
func (r *Registry) Installed(app, place string) (entity.Installation, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return keep.Deref(r.installs.Rows[key(app, place)])
}

// Installs returns all installations, the revoked ones too, by app and place.
func (r *Registry) Installs() []entity.Installation {
	r.mu.Lock()
	defer r.mu.Unlock()
	return keep.Values(r.installs.Sorted())
}

// Parts returns the installations in the workspaces that an organisation's
// installation was let into.
func (r *Registry) Parts(in entity.Installation) []entity.Installation {
	return slices.DeleteFunc(r.Installs(), func(part entity.Installation) bool {
		return in.Workspace != "" || part.Workspace == "" || part.App != in.App || part.Enterprise != in.Enterprise || part.Revoked
	})
}

// ByBotID returns an installation whose bot has that B… id. It is asked of every
// message that is shown.
func (r *Registry) ByBotID(botID string) (entity.Installation, bool) {
	return r.find(func(in *entity.Installation) bool { return in.BotID == botID })
}

// find returns an installation of which is is true.
func (r *Registry) find(is func(*entity.Installation) bool) (entity.Installation, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, in := range r.installs.Rows {
		if is(in) {
			return *in, true
		}
	}
	return entity.Installation{}, false
}
