package slacksim

import (
	"context"
	"fmt"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// A Workspace is a handle to one Slack team.
type Workspace struct {
	ID  string
	sim *Server
}

// A User is a handle to a person.
type User struct {
	ID   string
	Name string
}

// Workspace returns the workspace of that domain, and makes it if need be.
func (s *Server) Workspace(domain string) *Workspace {
	for _, ws := range s.World.Workspaces() {
		if ws.Domain == domain {
			return &Workspace{ID: ws.ID, sim: s}
		}
	}
	ws, err := s.World.PutWorkspace(world.Workspace{Domain: domain})
	s.must(err)
	return &Workspace{ID: ws.ID, sim: s}
}

// Configure changes what the workspace is.
func (ws *Workspace) Configure(alter func(*world.Workspace)) {
	row, _ := ws.sim.World.Workspace(ws.ID)
	alter(&row)
	_, err := ws.sim.World.PutWorkspace(row)
	ws.sim.must(err)
}

// AddEmoji makes a custom emoji with a picture, or with alias a second name for
// another.
func (ws *Workspace) AddEmoji(name, alias string) {
	address := ws.sim.World.BaseURL() + "/emoji/" + ws.ID + "/" + name + "/1.png"
	if alias != "" {
		address = entity.AliasOf + alias
	}
	ws.Configure(func(w *world.Workspace) { w.Emoji = entity.WithEmoji(w.Emoji, name, address) })
}

// RemoveEmoji takes a custom emoji away.
func (ws *Workspace) RemoveEmoji(name string) {
	ws.Configure(func(w *world.Workspace) { w.Emoji = entity.WithoutEmoji(w.Emoji, name) })
}

// RenameEmoji gives a custom emoji another name.
func (ws *Workspace) RenameEmoji(old, name string) {
	ws.Configure(func(w *world.Workspace) {
		w.Emoji = entity.WithEmoji(entity.WithoutEmoji(w.Emoji, old), name, w.Emoji[old])
	})
}

// AddUser adds a person, or returns the one of that name. The functions change
// what else they are: Admin, Guest, Email.
func (ws *Workspace) AddUser(name, realName string, as ...func(*world.User)) *User {
	u := world.User{Workspace: ws.ID, Name: name, RealName: realName}
	for _, f := range as {
		f(&u)
	}
	u, err := ws.sim.World.PutUser(u)
	ws.sim.must(err)
	return &User{ID: u.ID, Name: name}
}

// Admin makes a person an admin.
func Admin(u *world.User) { u.Admin = true }

// Guest makes a person a guest of several channels.
func Guest(u *world.User) { u.Restricted = true }

// SingleChannelGuest makes a person a guest of one channel.
func SingleChannelGuest(u *world.User) { u.UltraRestricted = true }

// Of makes a person one of another organisation, whom Slack Connect brings into
// the channels that are shared with its team.
func Of(team, name string) func(*world.User) {
	return func(u *world.User) { u.Home, u.HomeName = team, name }
}

// Email gives a person an address.
func Email(address string) func(*world.User) { return func(u *world.User) { u.Email = address } }

// User returns the person or bot of that name; nil if there is none.
func (ws *Workspace) User(name string) *User {
	for _, u := range ws.sim.World.Users(ws.ID) {
		if u.Name == name {
			return &User{ID: u.ID, Name: name}
		}
	}
	return nil
}

// AddChannel makes a channel with these people in it, the first its creator, or
// returns the one of that name after adding who is missing.
func (ws *Workspace) AddChannel(name string, kind world.ChannelKind, users ...*User) *Channel {
	creator := ""
	if len(users) > 0 {
		creator = users[0].ID
	}
	ch, ok := ws.sim.World.ChannelNamed(ws.ID, name)
	if !ok {
		var err error
		ch, err = ws.sim.World.CreateChannel(ws.ID, creator, name, kind)
		ws.sim.must(err)
	}
	var ids []string
	for _, u := range users {
		if !ch.Has(u.ID) {
			ids = append(ids, u.ID)
		}
	}
	out := &Channel{ID: ch.ID, ws: ws}
	if len(ids) > 0 {
		_, problems, err := ws.sim.World.Invite(creator, ch.ID, ids, true)
		ws.sim.must(err)
		for _, p := range problems {
			ws.sim.must(fmt.Errorf("add %s to %s: %w", p.User, name, p.Err))
		}
	}
	return out
}

// Channel returns the channel of that name, private ones too; nil if there is
// none.
func (ws *Workspace) Channel(name string) *Channel {
	ch, ok := ws.sim.World.ChannelNamed(ws.ID, name)
	if !ok {
		return nil
	}
	return &Channel{ID: ch.ID, ws: ws}
}

// ChannelByID returns a handle to the channel with that id.
func (ws *Workspace) ChannelByID(id string) *Channel { return &Channel{ID: id, ws: ws} }

// Direct returns the direct message of these people.
func (ws *Workspace) Direct(from *User, to ...*User) *Channel {
	var ids []string
	for _, u := range to {
		ids = append(ids, u.ID)
	}
	ch, _, err := ws.sim.World.OpenDirect(from.ID, ids, true)
	ws.sim.must(err)
	return &Channel{ID: ch.ID, ws: ws}
}

// Ephemerals returns what only this person sees, oldest first.
func (ws *Workspace) Ephemerals(u *User) []*Ephemeral {
	var out []*Ephemeral
	for _, e := range ws.sim.Screens.Ephemerals(u.ID) {
		out = append(out, &Ephemeral{Ephemeral: e, ws: ws, user: u})
	}
	return out
}

// View returns the form that is open before a person; nil if none is.
func (ws *Workspace) View(u *User) *Form {
	v, ok := ws.sim.Screens.OpenView(u.ID)
	if !ok {
		return nil
	}
	now := func() (world.View, bool) { return ws.sim.Screens.View(v.ID) }
	return &Form{sheet: sheet{ws: ws, user: u, now: now}, ID: v.ID}
}

// Home returns what an app's home tab shows a person.
func (ws *Workspace) Home(u *User, app *Installed) (world.View, bool) {
	return ws.sim.World.Home(app.ID, u.ID)
}

// Shortcut runs an app's global shortcut.
func (ws *Workspace) Shortcut(ctx context.Context, u *User, app *Installed, callbackID string) error {
	return ws.sim.People.RunShortcut(ctx, u.ID, app.ID, callbackID)
}

// An Ephemeral is a message only one person sees.
type Ephemeral struct {
	screen.Ephemeral
	ws   *Workspace
	user *User
}

// Press acts on an element, found by its action_id or by what is written on
// it. Picks are the values picked, for elements that are no button.
func (e *Ephemeral) Press(ctx context.Context, what string, picks ...string) error {
	el, ok := findElement(e.Blocks, what)
	if !ok {
		return fmt.Errorf("press %q: %w", what, errNotThere)
	}
	return e.ws.sim.People.Act(ctx, e.user.ID, person.Target{Ephemeral: e.ID, BlockID: el.BlockID(), ActionID: el.ActionID()}, picks...)
}
