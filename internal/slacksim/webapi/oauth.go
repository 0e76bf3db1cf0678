package webapi

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"caseline/internal/slacksim/oauth"
)

// clientOf returns how a caller proves which app it is: by HTTP Basic, or in the
// arguments.
func clientOf(r *http.Request, in args) oauth.Client {
	if id, secret, ok := r.BasicAuth(); ok {
		return oauth.Client{ID: id, Secret: secret}
	}
	return oauth.Client{ID: in.str("client_id"), Secret: in.str("client_secret")}
}

// oauthAccess gives an app a token for a code, or for a refresh token.
func (c *call) oauthAccess() (answer, error) {
	switch c.args.str("grant_type") {
	case "", "authorization_code":
		return c.granted(oauth.Redeem(c.api.world, c.client, c.args.str("code"), c.args.str("redirect_uri")))
	case "refresh_token":
		return c.granted(oauth.Refresh(c.api.world, c.client, c.args.str("refresh_token")))
	}
	return nil, errors.New("invalid_grant_type")
}

// oauthExchange gives an app a rotated token for one without end.
func (c *call) oauthExchange() (answer, error) {
	return c.granted(oauth.Exchange(c.api.world, c.client, c.token))
}

func (c *call) granted(g oauth.Granted, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	c.note.App, c.note.Workspace = g.App, g.Workspace
	out := answer{
		"access_token": g.Token, "token_type": "bot", "scope": strings.Join(g.Scopes, ","), "bot_user_id": g.BotUser, "app_id": g.App,
		"team": nil, "enterprise": nil, "is_enterprise_install": g.Workspace == "", "authed_user": answer{"id": g.User},
	}
	out["enterprise"] = c.enterprise(g.Enterprise)
	if ws, ok := c.api.world.Workspace(g.Workspace); ok {
		out["team"], out["enterprise"] = answer{"id": ws.ID, "name": ws.Name}, c.enterprise(ws.Enterprise)
	}
	if g.Refresh != "" {
		out["refresh_token"], out["expires_in"] = g.Refresh, int(oauth.TokenLife/time.Second)
	}
	return out, nil
}

// authRevoke makes the token void that it is called with.
func (c *call) authRevoke() (answer, error) {
	if c.args.yes("test") {
		return answer{"revoked": false}, nil
	}
	return answer{"revoked": true}, oauth.Revoke(c.api.world, c.in, c.token)
}

// appsUninstall takes the app out of where its token lets it in.
func (c *call) appsUninstall() (answer, error) {
	return nil, oauth.Leave(c.api.world, c.client, c.in)
}
