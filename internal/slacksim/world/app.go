package world

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
)

// PutApp stores an app's configuration, replacing the one with the same ID.
func (w *World) PutApp(a App) (App, error) {
	err := w.update(func(c *Change) error {
		if a.ID == "" {
			a.ID = w.newID("A")
		}
		a.VerificationToken = cmp.Or(a.VerificationToken, "verification-"+strings.ToLower(a.ID))
		a.ClientID = cmp.Or(a.ClientID, clientID(a.ID))
		a.ClientSecret = cmp.Or(a.ClientSecret, "secret-"+strings.ToLower(a.ID))
		w.Apps.PutApp(c.log, a)
		c.hint(feed.Events, a.ID)
		return nil
	})
	return a, err
}

// clientID makes a client id of an app's id: two numbers, as Slack's are.
func clientID(app string) string {
	sum := fnv.New64a()
	sum.Write([]byte(app))
	return fmt.Sprintf("%d.%d", sum.Sum64()>>32, sum.Sum64()&0xffffffff)
}

// Change runs an operation of another package, such as those on installations.
// It may use the world only by what it is given.
func (w *World) Change(operation func(*Change) error) error { return w.update(operation) }

// Log is where what the operation stores in Apps is noted.
func (c *Change) Log() *keep.Log { return c.log }

// NewID returns an id that nothing has had before.
func (c *Change) NewID(prefix string) string { return c.w.newID(prefix) }

// Workspace returns the workspace with that id.
func (c *Change) Workspace(id string) (Workspace, bool) { return keep.Deref(c.w.workspaces.Rows[id]) }

// User returns the person or bot with that id.
func (c *Change) User(id string) (User, bool) { return keep.Deref(c.w.users.Rows[id]) }

// PutUser stores a person or an app's bot.
func (c *Change) PutUser(u User) User { return c.w.putUser(c, u) }

// PutInstallation stores an installation, of which its workspace is told.
func (c *Change) PutInstallation(in Installation) {
	c.w.Apps.Put(c.log, in)
	c.hint(feed.Workspace, in.Workspace)
}

// Tell queues an event for one app about one of its installations, if the app
// subscribed to such.
func (c *Change) Tell(in Installation, kind string, body map[string]any) {
	if app, _ := c.w.Apps.App(in.App); slices.Contains(app.Events, kind) {
		c.queue(in, "", kind, body)
	}
}

// PutWorkspace stores a workspace.
func (c *Change) PutWorkspace(ws Workspace) {
	c.w.workspaces.Put(c.log, ws.ID, ws)
	c.hint(feed.Workspace, ws.ID)
}

// PutOrganisation stores an organisation.
func (c *Change) PutOrganisation(o Organisation) { c.w.orgs.Put(c.log, o.ID, o) }

// Organisation returns the organisation with that id.
func (c *Change) Organisation(id string) (Organisation, bool) { return keep.Deref(c.w.orgs.Rows[id]) }

// Organisation returns the organisation with that id.
func (w *World) Organisation(id string) (Organisation, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.orgs.Rows[id])
}

// Organisations returns all organisations, oldest first.
func (w *World) Organisations() []Organisation {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Values(w.orgs.Sorted())
}

// Withdraw takes a bot out of every channel of a workspace; its direct messages
// stay.
func (c *Change) Withdraw(bot, workspace string) {
	w := c.w
	for _, ch := range w.channels.Sorted() {
		if ch.Workspace != workspace || !ch.Has(bot) || ch.Kind == Direct || ch.Kind == Group {
			continue
		}
		row := ch.Without(bot)
		w.channels.Put(c.log, row.ID, row)
		w.hintMembers(c, row)
	}
}
