package slacksim

// Remove deletes the channel for good. The person must be an admin.
func (ch *Channel) Remove(by *User) { ch.ws.sim.must(ch.ws.sim.World.DeleteChannel(by.ID, ch.ID)) }

// MakePublic opens a private channel to everybody.
func (ch *Channel) MakePublic(by *User) { ch.ws.sim.must(ch.ws.sim.World.MakePublic(by.ID, ch.ID)) }

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

// Uninstall takes an app out of the workspace. Install brings it back.
func (ws *Workspace) Uninstall(app *Installed) {
	ws.sim.must(ws.sim.World.Uninstall(app.ID, ws.ID))
}

// RevokeToken makes an app's token void and leaves the app in the workspace.
func (ws *Workspace) RevokeToken(app *Installed) {
	ws.sim.must(ws.sim.World.RevokeToken(app.ID, ws.ID))
}
