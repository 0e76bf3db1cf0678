package api

import (
	"cmp"
	"context"
	"net/url"

	"github.com/slack-go/slack"
)

// A User is what is read of a person or bot.
type User struct {
	ID      string
	TeamID  string
	Name    string // the name people see
	Picture string // an address; may be empty
	Guest   bool   // of one or a few channels
	Foreign bool   // of another organisation
	Bot     bool
}

// UserInfo reads one person.
func (c *Client) UserInfo(ctx context.Context, id string) (User, error) {
	var u *slack.User
	err := c.do(ctx, "users.info", func(ctx context.Context) (err error) {
		u, err = c.slack().GetUserInfoContext(ctx, id)
		return err
	})
	if err != nil {
		return User{}, err
	}
	p := u.Profile
	return User{
		ID: u.ID, TeamID: u.TeamID,
		Name:    cmp.Or(p.DisplayName, u.RealName, p.RealName, u.Name),
		Picture: cmp.Or(p.Image192, p.Image72, p.Image48),
		Guest:   u.IsRestricted || u.IsUltraRestricted,
		Foreign: u.IsStranger,
		Bot:     u.IsBot,
	}, nil
}

// A UserGroup is what is read of a user group.
type UserGroup struct {
	ID       string
	Handle   string
	Name     string
	Disabled bool
	Users    []string
}

// UserGroups reads all user groups of the workspace with who is in them, also
// those that were taken away.
func (c *Client) UserGroups(ctx context.Context) ([]UserGroup, error) {
	var out struct {
		Groups []struct {
			ID       string   `json:"id"`
			Handle   string   `json:"handle"`
			Name     string   `json:"name"`
			DeleteAt int64    `json:"date_delete"`
			Users    []string `json:"users"`
		} `json:"usergroups"`
	}
	err := c.call(ctx, "usergroups.list", c.inTeam(url.Values{"include_users": {"true"}, "include_disabled": {"true"}}), &out)
	if err != nil {
		return nil, err
	}
	all := make([]UserGroup, len(out.Groups))
	for i, g := range out.Groups {
		all[i] = UserGroup{ID: g.ID, Handle: g.Handle, Name: g.Name, Disabled: g.DeleteAt != 0, Users: g.Users}
		if g.Users == nil && g.DeleteAt == 0 {
			if all[i].Users, err = c.groupUsers(ctx, g.ID); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// groupUsers reads who is in a user group, where the list of them does not say.
func (c *Client) groupUsers(ctx context.Context, id string) ([]string, error) {
	var out struct {
		Users []string `json:"users"`
	}
	err := c.call(ctx, "usergroups.users.list", c.inTeam(url.Values{"usergroup": {id}}), &out)
	return out.Users, err
}

// An Identity is who the token's app is, and where.
type Identity struct {
	TeamID   string `json:"team_id"`
	TeamName string `json:"team"`
	URL      string `json:"url"`
	UserID   string `json:"user_id"` // of our bot
	BotID    string `json:"bot_id"`
	AppID    string `json:"app_id"` // not every answer has it

	Enterprise string `json:"enterprise_id"` // empty outside an organisation
	Wide       bool   `json:"is_enterprise_install"`
}

// AuthTest asks Slack whose token this is. Of an organisation's token it tells of
// the workspace that is meant nothing but its id.
func (c *Client) AuthTest(ctx context.Context) (Identity, error) {
	var id Identity
	err := c.call(ctx, "auth.test", url.Values{}, &id)
	if c.team != "" {
		id.TeamID, id.TeamName, id.URL = c.team, "", ""
	}
	return id, err
}

// AppOf asks for the app behind a bot.
func (c *Client) AppOf(ctx context.Context, bot string) (app string, err error) {
	var out struct {
		Bot struct {
			AppID string `json:"app_id"`
		} `json:"bot"`
	}
	err = c.call(ctx, "bots.info", c.inTeam(url.Values{"bot": {bot}}), &out)
	return out.Bot.AppID, err
}

// A Team is a workspace as Slack tells of it.
type Team struct {
	ID, Name string
	URL      string // may be empty
}

// TeamInfo asks for the workspace.
func (c *Client) TeamInfo(ctx context.Context) (Team, error) {
	var out struct {
		Team struct {
			ID   string `json:"id"`
			Name string `json:"name"`
			URL  string `json:"url"`
		} `json:"team"`
	}
	args := url.Values{}
	if c.team != "" {
		args.Set("team", c.team)
	}
	err := c.call(ctx, "team.info", args, &out)
	return Team(out.Team), err
}
