package webapi

import (
	"cmp"
	"errors"

	"caseline/internal/slacksim/world"
)

// within is the part of an organisation's installation that a call is about: in the
// workspace that it names, or in that of what it names.
func (c *call) within(whole world.Installation, m method) (world.Installation, error) {
	if m.ofOrg {
		return whole, nil
	}
	at := c.args.str("team_id")
	if at == "" && m.teamID {
		return whole, invalid("missing_argument", "[ERROR] missing required field: team_id")
	}
	part, ok := c.api.world.Apps.Installed(whole.App, cmp.Or(at, c.place(whole)))
	if !ok || part.Workspace == "" {
		// It names what is in no workspace that the app was ever let into.
		return whole, notGranted(c, at)
	}
	if part.Revoked {
		return whole, part.Refusal()
	}
	return part, nil
}

// notGranted is the error of a call about a workspace that the app was not let
// into; nil if it is about none.
func notGranted(c *call, at string) error {
	if at != "" || c.place(world.Installation{}) != "" {
		return errors.New("team_access_not_granted")
	}
	return nil
}

// place is the workspace of what a call names: a channel, a file, a person. Of a
// person in several it is one that the app was let into.
func (c *call) place(whole world.Installation) string {
	w := c.api.world
	if ch, ok := w.Channel(cmp.Or(c.args.str("channel"), c.args.str("channel_id"))); ok {
		return ch.Workspace
	}
	if f, ok := w.File(c.args.str("file")); ok {
		return f.Workspace
	}
	if v, ok := c.api.screens.View(c.args.str("view_id")); ok {
		return v.Workspace
	}
	if at := c.api.screens.TriggerPlace(c.args.str("trigger_id")); at != "" {
		return at
	}
	who := cmp.Or(c.args.str("user"), c.args.str("user_id"), c.args.str("channel")) // which may name a person
	if all := c.args.list("users"); who == "" && len(all) > 0 {
		who = all[0]
	}
	u, _ := w.User(who)
	for _, at := range u.Also {
		if in, ok := w.Apps.Installed(whole.App, at); ok && !in.Revoked {
			return at
		}
	}
	return u.Workspace
}

// reaches reports whether a call may be about a workspace: its own, or one of those
// that an organisation's token is good for.
func (c *call) reaches(workspace string) bool {
	in, _ := c.api.world.Apps.Installed(c.in.App, workspace)
	return workspace == c.in.Workspace || (c.in.OrgWide() && in.Enterprise == c.in.Enterprise && !in.Revoked)
}

// teamsList lists the workspaces that a token is good for.
func (c *call) teamsList() (answer, error) {
	parts := c.api.world.Apps.Parts(c.in)
	if c.in.Workspace != "" {
		parts = []world.Installation{c.in}
	}
	var all []any
	for _, part := range parts {
		ws, _ := c.api.world.Workspace(part.Workspace)
		all = append(all, answer{"id": ws.ID, "name": ws.Name})
	}
	return c.paged("teams", all, 100)
}

// enterprise is an organisation as answers name it; nil if there is none.
func (c *call) enterprise(id string) any {
	org, ok := c.api.world.Organisation(id)
	if !ok {
		return nil
	}
	return answer{"id": org.ID, "name": org.Name}
}

// organisation is the organisation that a call comes from, if it does.
func (c *call) organisation() string {
	ws, _ := c.api.world.Workspace(c.in.Workspace)
	return cmp.Or(c.in.Enterprise, ws.Enterprise)
}
