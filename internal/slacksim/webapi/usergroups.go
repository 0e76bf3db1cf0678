package webapi

import "caseline/internal/slacksim/entity"

// usergroups lists the user groups of the workspace. Free plans have none.
func (c *call) usergroups() (answer, error) {
	if ws, _ := c.api.world.Workspace(c.in.Workspace); ws.FreePlan {
		return nil, entity.ErrPlanUpgrade
	}
	list := []any{}
	for _, g := range c.api.world.Groups(c.in.Workspace) {
		if g.Disabled != 0 && !c.args.yes("include_disabled") {
			continue
		}
		one := g.Wire()
		if c.args.yes("include_users") {
			one["users"] = append([]string{}, g.Members...)
		}
		if c.args.yes("include_count") {
			one["user_count"] = len(g.Members)
		}
		list = append(list, one)
	}
	return answer{"usergroups": list}, nil
}

// usergroupUsers lists the people in a user group.
func (c *call) usergroupUsers() (answer, error) {
	id := c.args.str("usergroup")
	if id == "" {
		return nil, missing("usergroup")
	}
	if ws, _ := c.api.world.Workspace(c.in.Workspace); ws.FreePlan {
		return nil, entity.ErrPlanUpgrade
	}
	for _, g := range c.api.world.Groups(c.in.Workspace) {
		if g.ID == id && (g.Disabled == 0 || c.args.yes("include_disabled")) {
			return answer{"users": append([]string{}, g.Members...)}, nil
		}
	}
	return nil, entity.ErrNoSuchSubteam
}
