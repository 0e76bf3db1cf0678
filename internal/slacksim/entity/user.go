package entity

import (
	"cmp"
	"slices"
	"strconv"
)

// A Workspace is one Slack team.
type Workspace struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"` // acme in acme.slack.com; unique
	// General is the channel everybody is in and nobody can leave; empty if
	// the workspace has none.
	General string `json:"general,omitempty"`
	// NoChannelCreation is the preference that only admins create channels:
	// apps are answered restricted_action.
	NoChannelCreation bool `json:"no_channel_creation,omitempty"`
	// FreePlan has no user groups: apps are answered plan_upgrade_required.
	FreePlan bool `json:"free_plan,omitempty"`
	// Enterprise is the organisation that the workspace is part of, by Enterprise
	// Grid. Moving is one that is on its way into an organisation: apps are
	// answered team_added_to_org.
	Enterprise string `json:"enterprise,omitempty"`
	Moving     bool   `json:"moving,omitempty"`
	// Emoji are the ones that its people made: the address of a picture by
	// name, or "alias:" and another name.
	Emoji map[string]string `json:"emoji,omitempty"`
}

// An Organisation has several workspaces, by Slack's Enterprise Grid.
type Organisation struct {
	ID     string `json:"id"` // E…
	Name   string `json:"name"`
	Domain string `json:"domain"` // unique
}

// A User is a person or a bot in a workspace.
type User struct {
	ID        string `json:"id"`
	Workspace string `json:"workspace"`
	// Also are the other workspaces of their organisation that they are in.
	Also        []string `json:"also,omitempty"`
	Enterprise  string   `json:"enterprise,omitempty"` // the organisation of their workspaces
	Name        string   `json:"name"`                 // the handle, unique in the workspace
	RealName    string   `json:"real_name"`
	DisplayName string   `json:"display_name,omitempty"`
	Title       string   `json:"title,omitempty"`
	Email       string   `json:"email,omitempty"`
	Color       string   `json:"color"` // of the avatar, six hex digits
	TZ          string   `json:"tz,omitempty"`
	Admin       bool     `json:"admin,omitempty"`
	Owner       bool     `json:"owner,omitempty"`
	// Restricted is a guest; UltraRestricted a guest of a single channel.
	Restricted      bool `json:"restricted,omitempty"`
	UltraRestricted bool `json:"ultra_restricted,omitempty"`
	Deleted         bool `json:"deleted,omitempty"`
	// Home is the team of a person from another organisation, whom Slack
	// Connect brings into shared channels; HomeName is what that is called.
	Home     string `json:"home,omitempty"`
	HomeName string `json:"home_name,omitempty"`
	Bot      bool   `json:"bot,omitempty"`
	BotID    string `json:"bot_id,omitempty"`
	AppID    string `json:"app_id,omitempty"`
	Updated  int64  `json:"updated"` // seconds
}

// Shown is the name that Slack's client shows for the user.
func (u User) Shown() string { return cmp.Or(u.DisplayName, u.RealName, u.Name) }

// In reports whether the user is met in a workspace.
func (u User) In(workspace string) bool {
	return workspace != "" && (u.Workspace == workspace || slices.Contains(u.Also, workspace))
}

// Met is the user as they are met in a workspace that they are in.
func (u User) Met(workspace string) User {
	if u.In(workspace) && u.Workspace != workspace {
		u.Also = append(slices.DeleteFunc(slices.Clone(u.Also), func(w string) bool { return w == workspace }), u.Workspace)
		u.Workspace = workspace
	}
	return u
}

// Common is a workspace that both are in, or empty.
func (u User) Common(other User) string {
	for _, at := range append([]string{u.Workspace}, u.Also...) {
		if other.In(at) {
			return at
		}
	}
	return ""
}

// Stranger reports whether the user is of another organisation.
func (u User) Stranger() bool { return u.Home != "" }

// Team is the workspace the user belongs to, Workspace the one they are met in.
func (u User) Team() string { return cmp.Or(u.Home, u.Workspace) }

// Confined reports whether the user sees only the channels they are in: guests
// and people of other organisations.
func (u User) Confined() bool { return u.Restricted || u.UltraRestricted || u.Stranger() }

// Slackbot is the id of Slack's own user.
const Slackbot = "USLACKBOT"

// Wire is the user as users.info has it. Base is the address of this Slack,
// where the pictures are.
func (u User) Wire(base string) map[string]any {
	out := map[string]any{
		"id": u.ID, "team_id": u.Team(), "name": u.Name, "deleted": u.Deleted, "color": u.Color,
		"real_name": u.RealName, "tz": u.TZ, "tz_label": u.TZ, "tz_offset": 3600,
		"is_admin": u.Admin, "is_owner": u.Owner, "is_primary_owner": false,
		"is_restricted": u.Restricted || u.UltraRestricted, "is_ultra_restricted": u.UltraRestricted,
		"is_bot": u.Bot, "is_app_user": false, "updated": u.Updated, "is_email_confirmed": !u.Bot,
		"who_can_share_contact_card": "EVERYONE",
	}
	profile := map[string]any{
		"title": u.Title, "phone": "", "skype": "", "real_name": u.RealName, "real_name_normalized": u.RealName,
		"display_name": u.DisplayName, "display_name_normalized": u.DisplayName, "status_text": "", "status_emoji": "",
		"status_expiration": 0, "avatar_hash": "g" + u.Color, "team": u.Team(), "first_name": u.RealName, "last_name": "",
		"image_24": avatar(base, u, 24), "image_32": avatar(base, u, 32), "image_48": avatar(base, u, 48), "image_72": avatar(base, u, 72),
		"image_192": avatar(base, u, 192), "image_512": avatar(base, u, 512),
	}
	if u.Email != "" {
		profile["email"] = u.Email
	}
	if u.Bot {
		profile["bot_id"], profile["api_app_id"] = u.BotID, u.AppID
	}
	out["profile"] = profile
	if u.Enterprise != "" && !u.Stranger() {
		out["enterprise_user"] = map[string]any{
			"id": u.ID, "enterprise_id": u.Enterprise, "is_admin": u.Admin, "is_owner": u.Owner, "teams": append([]string{u.Workspace}, u.Also...),
		}
	}
	if u.Stranger() {
		out["is_stranger"] = true
		delete(profile, "email")
	}
	return out
}

// Brief is what messages say of an author from another organisation.
func (u User) Brief(base string) map[string]any {
	return map[string]any{
		"avatar_hash": "g" + u.Color, "image_72": avatar(base, u, 72), "first_name": u.RealName, "real_name": u.RealName,
		"display_name": u.DisplayName, "team": u.Home, "name": u.Name, "is_restricted": false, "is_ultra_restricted": false,
	}
}

func avatar(base string, u User, size int) string {
	return base + "/avatars/" + u.Color + "/" + strconv.Itoa(size) + ".png"
}

var colors = [...]string{"9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c", "5b89d5", "235e5b", "d1707d", "b14cbc"}

// Color is the colour of the n-th user, as hexadecimal digits.
func Color(n int) string { return colors[n%len(colors)] }
