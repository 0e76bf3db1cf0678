package person

import (
	"encoding/json"
	"fmt"
	"net/url"

	"caseline/internal/slacksim/world"
)

// payload is what every interaction has in common.
func (c *Client) payload(kind string, app world.App, u world.User) map[string]any {
	ws, _ := c.World.Workspace(u.Workspace)
	in, _ := c.World.Apps.Installed(app.ID, u.Workspace)
	out := map[string]any{
		"type":                  kind,
		"token":                 app.VerificationToken,
		"api_app_id":            app.ID,
		"user":                  map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.Team()},
		"team":                  map[string]any{"id": ws.ID, "domain": ws.Domain},
		"enterprise":            nil,
		"is_enterprise_install": in.OrgWide(),
	}
	if org, ok := c.World.Organisation(ws.Enterprise); ok {
		out["team"] = map[string]any{"id": ws.ID, "domain": ws.Domain, "enterprise_id": org.ID, "enterprise_name": org.Name}
		out["enterprise"] = map[string]any{"id": org.ID, "name": org.Name}
	}
	if in.OrgWide() {
		out["team"] = nil
	}
	return out
}

// interaction makes the request that carries a payload.
func interaction(app world.App, payload map[string]any) (Request, error) {
	raw, err := json.Marshal(payload)
	if err != nil {
		return Request{}, fmt.Errorf("write the payload of %v: %w", payload["type"], err)
	}
	r := Request{App: app, Kind: Interactive, URL: app.InteractivityURL, Form: url.Values{"payload": {string(raw)}}}
	if payload["type"] == "block_suggestion" {
		r.Kind = Options
		if app.OptionsURL != "" {
			r.URL = app.OptionsURL
		}
	}
	return r, nil
}

// shownName is the name of a channel as interactions have it.
func shownName(ch world.Channel) string {
	switch ch.Kind {
	case world.Private:
		return "privategroup"
	case world.Direct:
		return "directmessage"
	}
	return ch.Name
}

// actionTS is the time of an action, as payloads have it.
func (c *Client) actionTS() string { return c.World.NextTS() }
