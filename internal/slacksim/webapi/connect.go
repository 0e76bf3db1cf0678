package webapi

import (
	"errors"
	"net/url"
	"strings"

	"caseline/internal/slacksim/world"
)

// byAppToken returns the app that an app-level token belongs to, and the scopes
// that it has.
func (a *API) byAppToken(token string) (app world.App, scopes []string, ok bool) {
	if token == "" {
		return app, nil, false
	}
	for _, app := range a.world.Apps.All() {
		for _, t := range app.AppTokens {
			if t.Token == token {
				return app, t.Scopes, true
			}
		}
	}
	return app, nil, false
}

// connectionsOpen answers the address of a socket, for one use. It does so too
// while Socket Mode is off: the socket then says so.
func (c *call) connectionsOpen() (answer, error) {
	if c.api.ticket == nil {
		return nil, errors.New("unknown_method")
	}
	base := c.api.world.BaseURL()
	if rest, ok := strings.CutPrefix(base, "http"); ok {
		base = "ws" + rest // and https is wss
	}
	q := url.Values{"ticket": {c.api.ticket(c.app.ID)}, "app_id": {c.app.ID}}
	return answer{"url": base + "/link/?" + q.Encode()}, nil
}
