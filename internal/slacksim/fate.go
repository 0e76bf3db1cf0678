package slacksim

import "caseline/internal/slacksim/oauth"

// Remove deletes the channel for good. The person must be an admin.
func (ch *Channel) Remove(by *User) { ch.ws.sim.must(ch.ws.sim.World.DeleteChannel(by.ID, ch.ID)) }

// MakePublic opens a private channel to everybody.
func (ch *Channel) MakePublic(by *User) { ch.ws.sim.must(ch.ws.sim.World.MakePublic(by.ID, ch.ID)) }

// MakePrivate hides a public channel from all but its members.
func (ch *Channel) MakePrivate(by *User) { ch.ws.sim.must(ch.ws.sim.World.MakePrivate(by.ID, ch.ID)) }

// Connect shares the channel with another organisation's team and returns a
// handle to it: a private channel gets another id by that.
func (ch *Channel) Connect(team string) *Channel {
	id, err := ch.ws.sim.World.Connect(ch.ID, team)
	ch.ws.sim.must(err)
	return ch.ws.ChannelByID(id)
}

// Disconnect ends the sharing with another organisation's team.
func (ch *Channel) Disconnect(team string) { ch.ws.sim.must(ch.ws.sim.World.Disconnect(ch.ID, team)) }

// Rename gives the channel a new name.
func (ch *Channel) Rename(by *User, name string) {
	_, err := ch.ws.sim.World.RenameChannel(by.ID, ch.ID, name)
	ch.ws.sim.must(err)
}

// ChangeID gives the channel another id and returns a handle to it; this one
// leads nowhere any more.
func (ch *Channel) ChangeID() *Channel {
	id, err := ch.ws.sim.World.ChangeChannelID(ch.ID)
	ch.ws.sim.must(err)
	return ch.ws.ChannelByID(id)
}

// Deactivate takes a person's access to the workspace away.
func (ws *Workspace) Deactivate(u *User) { ws.sim.must(ws.sim.World.Deactivate(u.ID)) }

// Uninstall takes an app out of the workspace. Install brings it back. Told are the
// events that it is sent about it, in this order, if it is to be another than
// tokens_revoked and app_uninstalled.
func (ws *Workspace) Uninstall(app *Installed, told ...string) {
	ws.sim.must(oauth.Uninstall(ws.sim.World, app.ID, ws.ID, told...))
}

// RevokeToken makes an app's token void and leaves the app in the workspace.
func (ws *Workspace) RevokeToken(app *Installed) {
	ws.sim.must(oauth.RevokeTokens(ws.sim.World, app.ID, ws.ID))
}
