package world

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
)

// PutWorkspace creates a workspace, or changes the one with the same Domain.
func (w *World) PutWorkspace(ws Workspace) (Workspace, error) {
	err := w.update(func(c *Change) error {
		var own map[string]string
		for _, have := range w.workspaces.Rows {
			if have.Domain == ws.Domain {
				ws.ID, ws.General, own = have.ID, cmp.Or(ws.General, have.General), have.Emoji
			}
		}
		if ws.ID == "" {
			ws.ID = w.newID("T")
		}
		ws.Name = cmp.Or(ws.Name, ws.Domain)
		w.workspaces.Put(c.log, ws.ID, ws)
		for _, body := range entity.EmojiChanges(own, ws.Emoji) {
			c.emit(scope{workspace: ws.ID}, "emoji_changed", body)
		}
		c.hint(feed.Workspace, ws.ID)
		return nil
	})
	return ws, err
}

// Workspaces returns all workspaces, oldest first.
func (w *World) Workspaces() []Workspace {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Values(w.workspaces.Sorted())
}

// Workspace returns the workspace with that id.
func (w *World) Workspace(id string) (Workspace, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.workspaces.Rows[id])
}

// PutUser creates a user, or changes the one with the same Workspace and Name.
// New people join the workspace's general channel.
func (w *World) PutUser(u User) (User, error) {
	err := w.update(func(c *Change) error {
		u = w.putUser(c, u)
		return nil
	})
	return u, err
}

func (w *World) putUser(c *Change, u User) User {
	old := w.users.Rows[u.ID]
	if old == nil {
		old = w.userNamed(u.Workspace, u.Name)
	}
	if old != nil {
		u.ID = old.ID
		u.Color = cmp.Or(u.Color, old.Color)
	}
	if ws := w.workspaces.Rows[u.Workspace]; ws != nil {
		u.Enterprise = ws.Enterprise
	}
	switch {
	case u.ID != "":
	case u.Enterprise != "":
		u.ID = w.newID("W") // as people are called who came to a Grid
	default:
		u.ID = w.newID("U")
	}
	u.RealName = cmp.Or(u.RealName, u.Name)
	u.Color = cmp.Or(u.Color, entity.Color(len(w.users.Rows)))
	u.TZ = cmp.Or(u.TZ, "Europe/Amsterdam")
	if old != nil {
		u.Updated = old.Updated
		if reflect.DeepEqual(u, *old) {
			return u
		}
	}
	u.Updated = w.clock.Now().Unix()
	w.users.Put(c.log, u.ID, u)
	c.hint(feed.Workspace, u.Workspace)
	kind := "user_change"
	if old == nil {
		kind = "team_join"
	}
	c.emit(scope{workspace: u.Workspace}, kind, map[string]any{"user": u.Wire(w.base)})
	if ws := w.workspaces.Rows[u.Workspace]; old == nil && ws != nil && ws.General != "" && !u.Bot && !u.Restricted && !u.UltraRestricted {
		w.addMember(c, *w.channels.Rows[ws.General], u.ID, "")
	}
	return u
}

func (w *World) userNamed(workspace, name string) *User {
	for _, u := range w.users.Rows {
		if u.In(workspace) && u.Name == name {
			return u
		}
	}
	return nil
}

// User returns the user with that id, a person or a bot.
func (w *World) User(id string) (User, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.users.Rows[id])
}

// Users returns the people and bots of a workspace, oldest first, also those
// who were deactivated.
func (w *World) Users(workspace string) []User {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []User
	for _, u := range w.users.Sorted() {
		if u.In(workspace) {
			out = append(out, u.Met(workspace))
		}
	}
	return out
}

// People returns those of a workspace one can switch to: active and no bot, by
// the name that is shown.
func (w *World) People(workspace string) []User {
	out := slices.DeleteFunc(w.Users(workspace), func(u User) bool { return u.Bot || u.Deleted })
	slices.SortStableFunc(out, func(a, b User) int {
		return cmp.Compare(strings.ToLower(a.Shown()), strings.ToLower(b.Shown()))
	})
	return out
}

// Deactivate takes a person's access away, as an admin does.
func (w *World) Deactivate(user string) error {
	return w.update(func(c *Change) error {
		u := w.users.Rows[user]
		if u == nil {
			return entity.ErrUserNotFound
		}
		gone := *u
		gone.Deleted = true
		w.putUser(c, gone)
		return nil
	})
}
