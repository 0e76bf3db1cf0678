package world

import (
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
)

// PublishHome sets what an app's home tab shows a person.
func (w *World) PublishHome(in Installation, user, hash string, v View) (View, error) {
	err := w.update(func(c *Change) error {
		if u := w.users.Rows[user]; u == nil || !u.In(in.Workspace) {
			return entity.ErrUserNotFound
		}
		have := w.homes.Rows[in.App+"/"+user]
		if have != nil {
			v.ID = have.ID
			if hash != "" && hash != have.Hash {
				return entity.ErrHashConflict
			}
		} else {
			v.ID = w.newID("V")
		}
		if app, _ := w.Apps.App(in.App); app.NoHome {
			return entity.ErrNotEnabled
		}
		for key, other := range w.homes.Rows {
			if v.ExternalID != "" && other.ExternalID == v.ExternalID && key != in.App+"/"+user && other.Workspace == in.Workspace {
				return entity.ErrDuplicateExternal
			}
		}
		v.Enterprise = in.Enterprise
		v.Type, v.Workspace, v.App, v.BotID, v.User = "home", in.Workspace, in.App, in.BotID, user
		v.Hash, v.Root = w.newID("h"), v.ID
		w.homes.Put(c.log, in.App+"/"+user, v)
		c.hint(feed.Home, user)
		return nil
	})
	return v, err
}

// Home returns what an app's home tab shows a person.
func (w *World) Home(app, user string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.homes.Rows[app+"/"+user])
}

// HomeByID returns the home tab with that view id.
func (w *World) HomeByID(id string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range w.homes.Rows {
		if v.ID == id {
			return *v, true
		}
	}
	return View{}, false
}

// PutHomeState keeps what a person put into the elements of a home tab.
func (w *World) PutHomeState(view string, state map[string]map[string]entity.Value) error {
	return w.update(func(c *Change) error {
		for key, v := range w.homes.Rows {
			if v.ID == view {
				row := *v
				row.State = state
				w.homes.Put(c.log, key, row)
				return nil
			}
		}
		return entity.ErrNotFound
	})
}

// OpenHome tells the app that a person looks at its home or its messages: tab is
// "home" or "messages".
func (w *World) OpenHome(app, user, tab string) error {
	return w.update(func(c *Change) error {
		u := w.users.Rows[user]
		a, ok := w.Apps.App(app)
		if u == nil || !ok || (a.NoHome && tab == "home") {
			return entity.ErrNotFound
		}
		in, ok := w.Apps.Installed(app, u.Workspace)
		if !ok || in.Revoked {
			return entity.ErrNotFound
		}
		dm, _ := w.openDirect(c, u.Workspace, []string{in.BotUser, user}, true)
		body := map[string]any{"user": user, "channel": dm.ID, "tab": tab}
		if v := w.homes.Rows[app+"/"+user]; v != nil && tab == "home" {
			body["view"] = v.Wire()
		}
		c.emit(scope{workspace: u.Workspace, app: app}, "app_home_opened", body)
		return nil
	})
}
