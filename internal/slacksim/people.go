package slacksim

import "caseline/internal/slacksim/world"

// A Group is a handle to a user group.
type Group struct {
	ID string
	ws *Workspace
}

// AddGroup adds a user group with these people in it, or changes the one of
// that handle.
func (ws *Workspace) AddGroup(handle, name string, users ...*User) *Group {
	g := world.UserGroup{Workspace: ws.ID, Handle: handle, Name: name}
	for _, u := range users {
		g.Members = append(g.Members, u.ID)
	}
	g, err := ws.sim.World.PutGroup(g)
	ws.sim.must(err)
	return &Group{ID: g.ID, ws: ws}
}

// Now is the group as it is.
func (g *Group) Now() world.UserGroup {
	for _, row := range g.ws.sim.World.Groups(g.ws.ID) {
		if row.ID == g.ID {
			return row
		}
	}
	return world.UserGroup{}
}

// Change alters the group.
func (g *Group) Change(alter func(*world.UserGroup)) {
	row := g.Now()
	alter(&row)
	_, err := g.ws.sim.World.PutGroup(row)
	g.ws.sim.must(err)
}

// Mention is what somebody types to call the group.
func (g *Group) Mention() string { return "@" + g.Now().Handle }
