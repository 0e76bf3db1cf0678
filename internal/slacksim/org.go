package slacksim

import (
	"caseline/internal/slacksim/grid"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/world"
)

// An Organisation is a handle to an organisation with several workspaces, as
// Slack's Enterprise Grid has them.
type Organisation struct {
	ID  string
	sim *Server
}

// Organisation returns the organisation of that domain, and makes it if need be.
func (s *Server) Organisation(domain string) *Organisation {
	o, err := grid.Found(s.World, domain, domain)
	s.must(err)
	return &Organisation{ID: o.ID, sim: s}
}

// Workspace returns a workspace of the organisation, and makes it if need be: one
// that was there before moves in.
func (o *Organisation) Workspace(domain string) *Workspace {
	ws := o.sim.Workspace(domain)
	if row, _ := o.sim.World.Workspace(ws.ID); row.Enterprise != o.ID {
		o.StartMigration(ws)
		o.FinishMigration(ws)
	}
	return ws
}

// StartMigration begins to move a workspace in. Until FinishMigration apps are
// answered team_added_to_org.
func (o *Organisation) StartMigration(ws *Workspace) {
	o.sim.must(grid.Start(o.sim.World, ws.ID, o.ID))
}

// FinishMigration ends that.
func (o *Organisation) FinishMigration(ws *Workspace) {
	o.sim.must(grid.Finish(o.sim.World, ws.ID, o.ID))
}

// Allow is Workspace.Allow for the whole organisation. The app is in none of its
// workspaces until Admit.
func (o *Organisation) Allow(u *User, address string, without ...string) (string, error) {
	return o.sim.allow(address, oauth.Consent{User: u.ID, Place: o.ID, Without: without})
}

// Admit lets an app that the organisation has installed into one of its workspaces.
func (o *Organisation) Admit(app *Registered, ws *Workspace) *Installed {
	o.sim.must(grid.Admit(o.sim.World, app.ID, ws.ID))
	return app.In(ws)
}

// Expel takes it out again.
func (o *Organisation) Expel(app *Registered, ws *Workspace) {
	o.sim.must(grid.Expel(o.sim.World, app.ID, ws.ID))
}

// Uninstall takes an app out of the organisation and all its workspaces.
func (o *Organisation) Uninstall(app *Registered) {
	o.sim.must(oauth.Uninstall(o.sim.World, app.ID, o.ID))
}

// Installed is the organisation's installation of an app.
func (o *Organisation) Installed(app *Registered) (world.Installation, bool) {
	in, ok := o.sim.World.Apps.Installed(app.ID, o.ID)
	return in, ok && !in.Revoked
}

// Enter brings a person of another workspace of the organisation in.
func (ws *Workspace) Enter(u *User) { ws.sim.must(grid.Enter(ws.sim.World, u.ID, ws.ID)) }
