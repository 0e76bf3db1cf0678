package entity

import "slices"

// A UserGroup is a named group of people of a workspace, mentioned by its
// handle.
type UserGroup struct {
	ID          string   `json:"id"` // S…
	Workspace   string   `json:"workspace"`
	Handle      string   `json:"handle"` // without its @
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Creator     string   `json:"creator,omitempty"`
	Created     int64    `json:"created"`            // seconds
	Updated     int64    `json:"updated"`            // seconds
	Disabled    int64    `json:"disabled,omitempty"` // seconds; zero while it is in use
	Members     []string `json:"members,omitempty"`
}

// Mention is what stands in texts where somebody mentions the group.
func (g UserGroup) Mention() string { return "<!subteam^" + g.ID + ">" }

// Has reports whether the user is in the group.
func (g UserGroup) Has(user string) bool { return slices.Contains(g.Members, user) }

// Wire is the group as usergroups.list and events have it.
func (g UserGroup) Wire() map[string]any {
	out := map[string]any{
		"id": g.ID, "team_id": g.Workspace, "is_usergroup": true, "is_subteam": true, "name": g.Name, "description": g.Description,
		"handle": g.Handle, "is_external": false, "date_create": g.Created, "date_update": g.Updated, "date_delete": g.Disabled,
		"auto_type": nil, "auto_provision": false, "enterprise_subteam_id": "", "created_by": g.Creator, "updated_by": g.Creator,
		"deleted_by": nil, "prefs": map[string]any{"channels": []string{}, "groups": []string{}}, "channel_count": 0,
	}
	if g.Disabled != 0 {
		out["deleted_by"] = g.Creator
	}
	return out
}
