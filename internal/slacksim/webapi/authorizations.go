package webapi

import (
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// eventAuthorizations lists all installations of an app that see an event, of
// which the event itself names one: in a channel that is shared, those of the
// other side too.
func (c *call) eventAuthorizations() (answer, error) {
	parts := strings.Split(c.args.str("event_context"), "-") // as package dispatch writes it
	if len(parts) != 4 || parts[0] != "4" {
		return nil, entity.Err("invalid_event_context")
	}
	places := []string{parts[2]}
	if ch, ok := c.api.world.Channel(parts[3]); ok {
		places = append(places, ch.Connected...)
	}
	var all []any
	for _, at := range places {
		if in, ok := c.api.world.Apps.Installed(c.app.ID, at); ok && !in.Revoked {
			all = append(all, c.authorization(in))
		}
	}
	return c.paged("authorizations", all, 100)
}

func (c *call) authorization(in world.Installation) answer {
	ws, _ := c.api.world.Workspace(in.Workspace)
	out := answer{"enterprise_id": nil, "team_id": in.Workspace, "user_id": in.BotUser, "is_bot": true, "is_enterprise_install": in.OrgWide()}
	if ws.Enterprise != "" {
		out["enterprise_id"] = ws.Enterprise
	}
	return out
}
