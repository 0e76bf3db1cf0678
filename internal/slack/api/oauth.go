package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// An OAuth has Slack give our app to workspaces: it calls what takes no token,
// but the app's own id and secret. It may be used by many goroutines.
type OAuth struct {
	id, secret string
	client     *Client // sends no token
	options    Options
}

// Format prints nothing of the secret, whatever the verb.
func (o *OAuth) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "OAuth of ", o.id) }

// NewOAuth returns an OAuth for the app with the client id and secret.
func NewOAuth(id, secret string, o Options) (*OAuth, error) {
	client, err := New("", o)
	if err != nil {
		return nil, err
	}
	o.Transport = client.doer.http.Transport // its clients share connections
	return &OAuth{id: id, secret: secret, client: client, options: o}, nil
}

// Client returns a client for a token that was given out; team is as in Options.
func (o *OAuth) Client(token, team string) (*Client, error) {
	options := o.options
	options.Team = team
	return New(token, options)
}

// Authorize is where a person's browser is sent to consent: Slack's page, which
// stands beside its API. redirect is where Slack sends it back, with state.
func (o *OAuth) Authorize(scopes []string, state, redirect string) string {
	at := *o.client.base
	at.Path = strings.TrimSuffix(strings.TrimSuffix(at.Path, "/"), "/api") + "/oauth/v2/authorize"
	at.RawQuery = url.Values{
		"client_id": {o.id}, "scope": {strings.Join(scopes, ",")}, "state": {state}, "redirect_uri": {redirect},
	}.Encode()
	return at.String()
}

// A Given is what Slack gives to an app that is installed, or when its tokens
// are refreshed. Its tokens are in it, so it prints nothing.
type Given struct {
	Token, Refresh string // Refresh is empty without token rotation
	Expires        time.Duration
	Kind           string // of the token: bot
	Scopes         []string
	BotUID, AppID  string
	Team           Team // empty when it is a whole organisation's
	Enterprise     Team // empty outside an organisation
	Wide           bool // it is a whole organisation's
	By             string
}

// Format prints nothing of it, whatever the verb.
func (Given) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "redacted") }

// LogValue logs nothing of it.
func (Given) LogValue() slog.Value { return slog.StringValue("redacted") }

// Exchange has Slack give us what a person consented to. The code is good for
// ten minutes and once; redirect is what Authorize was given.
func (o *OAuth) Exchange(ctx context.Context, code, redirect string) (Given, error) {
	return o.access(ctx, url.Values{"code": {code}, "redirect_uri": {redirect}})
}

// Refresh has Slack give us the next pair of tokens. The refresh token that is
// given for it is taken for a short while after that, and then no more.
func (o *OAuth) Refresh(ctx context.Context, refresh string) (Given, error) {
	return o.access(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
}

func (o *OAuth) access(ctx context.Context, args url.Values) (Given, error) {
	const method = "oauth.v2.access"
	args.Set("client_id", o.id)
	args.Set("client_secret", o.secret)
	var out given
	if err := o.client.call(ctx, method, args, &out); err != nil {
		return Given{}, err
	}
	if out.Token == "" {
		return Given{}, &Error{Method: method, Kind: Unknown, Err: errors.New("answer has no token")}
	}
	return out.given(), nil
}

// given is the answer as Slack writes it.
type given struct {
	Token      string `json:"access_token"`
	Refresh    string `json:"refresh_token"`
	Expires    int64  `json:"expires_in"`
	Kind       string `json:"token_type"`
	Scope      string `json:"scope"`
	BotUID     string `json:"bot_user_id"`
	AppID      string `json:"app_id"`
	Team       *named `json:"team"`
	Enterprise *named `json:"enterprise"`
	Wide       bool   `json:"is_enterprise_install"`
	By         struct {
		ID string `json:"id"`
	} `json:"authed_user"`
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (g given) given() Given {
	out := Given{
		Token: g.Token, Refresh: g.Refresh, Expires: time.Duration(g.Expires) * time.Second, Kind: g.Kind,
		BotUID: g.BotUID, AppID: g.AppID, Wide: g.Wide, By: g.By.ID,
	}
	for scope := range strings.SplitSeq(g.Scope, ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			out.Scopes = append(out.Scopes, scope)
		}
	}
	if g.Team != nil {
		out.Team = Team{ID: g.Team.ID, Name: g.Team.Name}
	}
	if g.Enterprise != nil {
		out.Enterprise = Team{ID: g.Enterprise.ID, Name: g.Enterprise.Name}
	}
	return out
}
