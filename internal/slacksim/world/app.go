package world

import (
	"cmp"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
)

// PutApp stores an app's configuration, replacing the one with the same ID.
func (w *World) PutApp(a App) (App, error) {
	err := w.update(func(c *change) error {
		if a.ID == "" {
			a.ID = w.newID("A")
		}
		a.VerificationToken = cmp.Or(a.VerificationToken, "verification-"+strings.ToLower(a.ID))
		w.apps.Put(c.log, a.ID, a)
		c.hint(feed.Events, a.ID)
		return nil
	})
	return a, err
}

// Install puts an app into a workspace under the bot name. Installing it again
// keeps the bot and changes token and scopes.
func (w *World) Install(app, workspace, botName, token string, scopes []string) (Installation, error) {
	var out Installation
	err := w.update(func(c *change) error {
		a := w.apps.Rows[app]
		if a == nil || w.workspaces.Rows[workspace] == nil {
			return entity.ErrNotFound
		}
		key := app + "/" + workspace
		if have := w.installs.Rows[key]; have != nil {
			out = *have
		} else {
			out = Installation{App: app, Workspace: workspace, BotID: w.newID("B")}
		}
		bot := w.putUser(c, User{
			ID: out.BotUser, Workspace: workspace, Name: entity.BotHandle(cmp.Or(botName, a.Name)),
			RealName: cmp.Or(botName, a.Name), Bot: true, BotID: out.BotID, AppID: app,
		})
		out.BotUser, out.Token, out.Scopes, out.Revoked = bot.ID, token, scopes, false
		w.installs.Put(c.log, key, out)
		c.hint(feed.Workspace, workspace)
		return nil
	})
	return out, err
}

// Apps returns the apps installed in a workspace.
func (w *World) Apps(workspace string) []App {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []App
	for _, in := range w.installs.Sorted() {
		if in.Workspace == workspace && !in.Revoked {
			out = append(out, *w.apps.Rows[in.App])
		}
	}
	return out
}

// App returns the app with that id.
func (w *World) App(id string) (App, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.apps.Rows[id])
}

// Installed returns the installation of an app in a workspace.
func (w *World) Installed(app, workspace string) (Installation, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.installs.Rows[app+"/"+workspace])
}

// AllApps returns all apps, installed or not, oldest first.
func (w *World) AllApps() []App {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Values(w.apps.Sorted())
}

// ByToken returns the installation a bot token belongs to.
func (w *World) ByToken(token string) (Installation, bool) {
	return w.installed(func(in *Installation) bool { return token != "" && in.Token == token })
}

// ByBotID returns the installation whose bot has that B… id.
func (w *World) ByBotID(botID string) (Installation, bool) {
	return w.installed(func(in *Installation) bool { return in.BotID == botID })
}

func (w *World) installed(is func(*Installation) bool) (Installation, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, in := range w.installs.Rows {
		if is(in) {
			return *in, true
		}
	}
	return Installation{}, false
}
