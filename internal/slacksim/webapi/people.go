package webapi

import (
	"cmp"
	"errors"

	"caseline/internal/slacksim/world"
)

func (c *call) apiTest() (answer, error) {
	out := answer{"args": map[string]any(c.args)}
	if e := c.args.str("error"); e != "" {
		return nil, refusal{e, out}
	}
	return out, nil
}

func (c *call) authTest() (answer, error) {
	ws, _ := c.api.world.Workspace(c.in.Workspace)
	bot, _ := c.api.world.User(c.in.BotUser)
	out := answer{
		"url": "https://" + ws.Domain + ".slack.com/", "team": ws.Name, "user": bot.Name,
		"team_id": ws.ID, "user_id": bot.ID, "bot_id": c.in.BotID, "is_enterprise_install": c.in.OrgWide(),
	}
	org, ok := c.api.world.Organisation(c.organisation())
	if ok {
		out["enterprise_id"] = org.ID
	}
	if ws.ID == "" {
		// Slack does not say what the team of an organisation's token is; its SDKs
		// take the organisation.
		out["url"], out["team"], out["team_id"] = "https://"+org.Domain+".enterprise.slack.com/", org.Name, org.ID
	}
	return out, nil
}

func (c *call) teamInfo() (answer, error) {
	ws, ok := c.api.world.Workspace(cmp.Or(c.args.str("team"), c.in.Workspace))
	if !ok || !c.reaches(ws.ID) {
		return nil, errors.New("team_not_found")
	}
	return answer{"team": answer{
		"id": ws.ID, "name": ws.Name, "domain": ws.Domain, "url": "https://" + ws.Domain + ".slack.com/", "email_domain": "",
		"icon": answer{"image_default": true}, "avatar_base_url": "https://ca.slack-edge.com/", "is_verified": false,
	}}, nil
}

func (c *call) botsInfo() (answer, error) {
	id := c.args.str("bot")
	if id == "" {
		id = c.in.BotID
	}
	in, ok := c.api.world.Apps.ByBotID(id)
	if u, _ := c.api.world.User(in.BotUser); !ok || !u.In(c.in.Workspace) {
		return nil, errors.New("bot_not_found")
	}
	u, _ := c.api.world.User(in.BotUser)
	return answer{"bot": answer{
		"id": in.BotID, "deleted": in.Revoked, "name": u.RealName, "updated": u.Updated, "app_id": in.App, "user_id": in.BotUser,
		"icons": answer{"image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png"},
	}}, nil
}

// person is a user as this app may see them.
func (c *call) person(u world.User) map[string]any {
	if !c.in.Allows("users:read.email") {
		u.Email = ""
	}
	return u.Wire(c.api.world.BaseURL())
}

func (c *call) usersInfo() (answer, error) {
	id := c.args.str("user")
	if id == "" {
		return nil, missing("user")
	}
	u, ok := c.api.world.User(id)
	if id == world.Slackbot {
		u, ok = slackbot(c.in.Workspace), true
	}
	if !ok || !u.In(c.in.Workspace) {
		return nil, errors.New("user_not_found")
	}
	return answer{"user": c.person(u)}, nil
}

// presence says that people are there; nobody in this Slack goes away.
func (c *call) presence() (answer, error) {
	u, ok := c.api.world.User(cmp.Or(c.args.str("user"), c.in.BotUser))
	if !ok || !u.In(c.in.Workspace) {
		return nil, errors.New("user_not_found")
	}
	presence := "active"
	if u.Deleted {
		presence = "away"
	}
	return answer{"presence": presence}, nil
}

func (c *call) profile() (answer, error) {
	u, ok := c.api.world.User(cmp.Or(c.args.str("user"), c.in.BotUser))
	if !ok || !u.In(c.in.Workspace) {
		return nil, errors.New("user_not_found")
	}
	return answer{"profile": c.person(u)["profile"]}, nil
}

func slackbot(workspace string) world.User {
	return world.User{ID: world.Slackbot, Workspace: workspace, Name: "slackbot", RealName: "Slackbot", Color: "757575"}
}

func (c *call) usersList() (answer, error) {
	all := []any{c.person(slackbot(c.in.Workspace))}
	for _, u := range c.api.world.Users(c.in.Workspace) {
		if !u.Stranger() {
			all = append(all, c.person(u))
		}
	}
	out, err := c.paged("members", all, 1000)
	if err == nil {
		out["cache_ts"] = c.api.clock.Now().Unix()
	}
	return out, err
}

func (c *call) usersLookup() (answer, error) {
	email := c.args.str("email")
	for _, u := range c.api.world.Users(c.in.Workspace) {
		if email != "" && u.Email == email && !u.Deleted && !u.Stranger() {
			return answer{"user": c.person(u)}, nil
		}
	}
	return nil, errors.New("users_not_found")
}
