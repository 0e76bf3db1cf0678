package grid

import (
	"cmp"
	"slices"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// Found makes an organisation, or returns the one of that domain.
func Found(w *world.World, domain, name string) (world.Organisation, error) {
	all := w.Organisations()
	if i := slices.IndexFunc(all, func(o world.Organisation) bool { return o.Domain == domain }); i >= 0 {
		return all[i], nil
	}
	o := world.Organisation{Domain: domain, Name: cmp.Or(name, domain)}
	err := w.Change(func(c *world.Change) error {
		o.ID = c.NewID("E")
		c.PutOrganisation(o)
		return nil
	})
	return o, err
}

// Start begins to move a workspace into an organisation. Until Finish every call
// about the workspace is answered team_added_to_org.
func Start(w *world.World, workspace, organisation string) error {
	return w.Change(func(c *world.Change) error {
		ws, ok := c.Workspace(workspace)
		if _, exists := c.Organisation(organisation); !ok || !exists || ws.Enterprise != "" {
			return entity.ErrNotFound
		}
		tell(w, c, workspace, "grid_migration_started", organisation)
		ws.Moving = true
		c.PutWorkspace(ws)
		return nil
	})
}

// Finish ends what Start began. People keep their ids; those who come
// later have one with a W.
func Finish(w *world.World, workspace, organisation string) error {
	people := w.Users(workspace)
	return w.Change(func(c *world.Change) error {
		ws, ok := c.Workspace(workspace)
		if _, exists := c.Organisation(organisation); !ok || !exists || !ws.Moving {
			return entity.ErrNotFound
		}
		ws.Moving, ws.Enterprise = false, organisation
		c.PutWorkspace(ws)
		for _, u := range people {
			c.PutUser(u)
		}
		tell(w, c, workspace, "grid_migration_finished", organisation)
		return nil
	})
}

// tell tells the apps of a workspace about its move.
func tell(w *world.World, c *world.Change, workspace, kind, organisation string) {
	for _, in := range w.Apps.Installs() {
		if in.Workspace == workspace && !in.Revoked {
			c.Tell(in, kind, map[string]any{"enterprise_id": organisation})
		}
	}
}

// Enter brings a person into another workspace of their organisation.
func Enter(w *world.World, user, workspace string) error {
	return w.Change(func(c *world.Change) error {
		u, ok := c.User(user)
		ws, exists := c.Workspace(workspace)
		if !ok || !exists || ws.Enterprise == "" || ws.Enterprise != u.Enterprise {
			return entity.ErrNotFound
		}
		if !u.In(workspace) {
			u.Also = append(slices.Clone(u.Also), workspace)
			c.PutUser(u)
		}
		return nil
	})
}

// Admit lets an app into a workspace of the organisation that has installed it, as
// an admin does.
func Admit(w *world.World, app, workspace string) error {
	return w.Change(func(c *world.Change) error {
		whole, err := wide(w, c, app, workspace)
		if err != nil {
			return err
		}
		part := whole
		part.Workspace, part.Token = workspace, ""
		bot, _ := c.User(whole.BotUser)
		switch {
		case bot.Workspace == "":
			bot.Workspace = workspace
		case !bot.In(workspace):
			bot.Also = append(slices.Clone(bot.Also), workspace)
		}
		c.PutUser(bot)
		c.PutInstallation(part)
		c.Tell(whole, "team_access_granted", map[string]any{"team_ids": []string{workspace}})
		return nil
	})
}

// Expel takes it out again: its bot is in no channel there any more.
func Expel(w *world.World, app, workspace string) error {
	return w.Change(func(c *world.Change) error {
		whole, err := wide(w, c, app, workspace)
		part, ok := w.Apps.Installed(app, workspace)
		if err != nil || !ok || part.Revoked || !part.OrgWide() {
			return entity.ErrNotFound
		}
		c.Withdraw(part.BotUser, workspace)
		part.Revoked, part.Gone = true, "team_access_not_granted"
		c.PutInstallation(part)
		c.Tell(whole, "team_access_revoked", map[string]any{"team_ids": []string{workspace}})
		return nil
	})
}

// wide is the installation of an app in the organisation of a workspace.
func wide(w *world.World, c *world.Change, app, workspace string) (world.Installation, error) {
	ws, ok := c.Workspace(workspace)
	whole, installed := w.Apps.Installed(app, ws.Enterprise)
	if !ok || ws.Enterprise == "" || !installed || whole.Revoked {
		return world.Installation{}, entity.ErrNotFound
	}
	return whole, nil
}
