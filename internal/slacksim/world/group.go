package world

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
)

// PutGroup creates a user group, or changes the one with the same Workspace and
// Handle, and tells the apps what became different.
func (w *World) PutGroup(g UserGroup) (UserGroup, error) {
	err := w.update(func(c *Change) error {
		if w.workspaces.Rows[g.Workspace] == nil || g.Handle == "" {
			return entity.ErrNotFound
		}
		for _, m := range g.Members {
			if u := w.users.Rows[m]; u == nil || !u.In(g.Workspace) {
				return entity.ErrUserNotFound
			}
		}
		now := w.clock.Now().Unix()
		old := w.groupNamed(g.Workspace, g.Handle)
		if old == nil {
			g.ID, g.Created = w.newID("S"), now
			old = &UserGroup{}
		} else {
			g.ID, g.Created = old.ID, old.Created
		}
		g.Name, g.Updated = cmp.Or(g.Name, g.Handle), now
		w.groups.Put(c.log, g.ID, g)
		c.hint(feed.Workspace, g.Workspace)
		c.emitGroup(*old, g)
		return nil
	})
	return g, err
}

// emitGroup tells what became of a user group; old is empty for a new one.
func (c *Change) emitGroup(old, g UserGroup) {
	to := scope{workspace: g.Workspace}
	wire := g.Wire()
	wire["users"], wire["user_count"] = append([]string{}, g.Members...), len(g.Members)
	if old.ID == "" {
		c.emit(to, "subteam_created", map[string]any{"subteam": wire})
		return
	}
	c.emit(to, "subteam_updated", map[string]any{"subteam": wire})
	added, removed := without(g.Members, old.Members), without(old.Members, g.Members)
	if len(added)+len(removed) > 0 {
		c.emit(to, "subteam_members_changed", map[string]any{
			"subteam_id": g.ID, "team_id": g.Workspace, "date_previous_update": old.Updated, "date_update": g.Updated,
			"added_users": added, "added_users_count": strconv.Itoa(len(added)),
			"removed_users": removed, "removed_users_count": strconv.Itoa(len(removed)),
		})
	}
}

// without returns those of all that are not among some.
func without(all, some []string) []string {
	return slices.DeleteFunc(append([]string{}, all...), func(s string) bool { return slices.Contains(some, s) })
}

func (w *World) groupNamed(workspace, handle string) *UserGroup {
	for _, g := range w.groups.Rows {
		if g.Workspace == workspace && g.Handle == handle {
			return g
		}
	}
	return nil
}

// Groups returns the user groups of a workspace by their handles, also those
// that are out of use.
func (w *World) Groups(workspace string) []UserGroup {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := slices.DeleteFunc(keep.Values(w.groups.Sorted()), func(g UserGroup) bool { return g.Workspace != workspace })
	slices.SortFunc(all, func(a, b UserGroup) int { return strings.Compare(a.Handle, b.Handle) })
	return all
}

// names are the mentions that mean a person: their own, and those of their
// user groups.
func (w *World) names(user string) []string {
	out := []string{"<@" + user + ">"}
	for _, g := range w.groups.Rows {
		if g.Disabled == 0 && g.Has(user) {
			out = append(out, g.Mention())
		}
	}
	return out
}
