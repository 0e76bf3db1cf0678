package oauth

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
	"time"

	"caseline/internal/slacksim/apps"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

const (
	// TokenLife is how long an app's tokens live if they are rotated.
	TokenLife = 43_200 * time.Second
	// grace is how long a refresh token can be used again after its first use.
	grace = 30 * time.Second
	// most is how many tokens of an installation let in at the same time.
	most = 2
)

// A Client is how an app proves who it is.
type Client struct{ ID, Secret string }

func (k Client) app(w *world.World) (world.App, error) {
	app, ok := w.Apps.ByClient(k.ID)
	switch {
	case !ok:
		return app, entity.Err("invalid_client_id")
	case subtle.ConstantTimeCompare([]byte(k.Secret), []byte(app.ClientSecret)) != 1:
		return app, entity.Err("bad_client_secret")
	}
	return app, nil
}

// A Granted is what an app gets for a code or a refresh token.
type Granted struct {
	world.Installation        // with the token
	Refresh            string // empty without rotation
	User               string // who allowed it
}

// Redeem exchanges a code, once, and installs the app with it.
func Redeem(w *world.World, k Client, code, redirectURI string) (Granted, error) {
	var out Granted
	err := w.Change(func(c *world.Change) error {
		app, err := k.app(w)
		if err != nil {
			return err
		}
		given, ok := w.Apps.Code(code)
		switch {
		case !ok || given.App != app.ID || !given.Until.After(w.Now()):
			return entity.Err("invalid_code")
		case orgHas(w, c, app, given.Place):
			return entity.Err("cannot_install_an_org_installed_app")
		case !fits(app, given.RedirectURI, redirectURI):
			return entity.Err("bad_redirect_uri")
		}
		w.Apps.DropCode(c.Log(), code)
		out, err = grant(w, c, app, given)
		return err
	})
	return out, err
}

// fits reports whether an app names the address again to which it had the person
// sent. One that named none need not, and may name any of its own.
func fits(app world.App, before, now string) bool {
	return before == now || (before == "" && app.Redirects(now))
}

// orgHas reports whether the organisation of a workspace has the app already.
func orgHas(w *world.World, c *world.Change, app world.App, workspace string) bool {
	ws, ok := c.Workspace(workspace)
	in, installed := w.Apps.Installed(app.ID, ws.Enterprise)
	return ok && ws.Enterprise != "" && installed && !in.Revoked
}

func grant(w *world.World, c *world.Change, app world.App, given apps.Code) (Granted, error) {
	g := Grant{App: app.ID, Place: given.Place, Scopes: given.Scopes, By: given.User}
	have, ok := w.Apps.Installed(app.ID, given.Place)
	if ok && !have.Revoked {
		g.Scopes, g.Token = added(have.Scopes, given.Scopes), have.Token
	}
	if g.Token == "" {
		g.Token = secret("xoxb-", 32)
	}
	in, err := install(w, c, g)
	out := Granted{Installation: in, User: given.User}
	if err == nil && app.Rotation {
		retire(w, c, have)
		out = rotate(w, c, in)
		out.User = given.User
	}
	return out, err
}

// retire keeps a token that is replaced good for as long as it was to be.
func retire(w *world.World, c *world.Change, in world.Installation) {
	if _, rotated := w.Apps.Token(in.Token); !rotated && in.Token != "" && !in.Revoked {
		w.Apps.PutToken(c.Log(), apps.Token{Token: in.Token, App: in.App, Place: in.Place(), Made: w.Now()})
	}
}

// rotate gives an installation a new token and what renews it. The oldest tokens
// beyond two are void.
func rotate(w *world.World, c *world.Change, in world.Installation) Granted {
	now := w.Now()
	in.Token = secret("xoxe.xoxb-1-", 48)
	out := Granted{Installation: in, Refresh: secret("xoxe-1-", 48)}
	w.Apps.PutToken(c.Log(), apps.Token{Token: in.Token, App: in.App, Place: in.Place(), Made: now, Until: now.Add(TokenLife)})
	w.Apps.PutToken(c.Log(), apps.Token{Token: out.Refresh, App: in.App, Place: in.Place(), Refresh: true, Made: now})
	c.PutInstallation(in)
	live := 0
	tokens := w.Apps.Tokens(in, false)
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		if !t.Live(now) || t.Token == in.Token {
			continue
		}
		if live++; live >= most {
			t.Revoked = true
			w.Apps.PutToken(c.Log(), t)
		}
	}
	return out
}

// Refresh exchanges a refresh token for a new token and a new refresh token.
func Refresh(w *world.World, k Client, refresh string) (Granted, error) {
	var out Granted
	err := w.Change(func(c *world.Change) error {
		app, err := k.app(w)
		if err != nil {
			return err
		}
		t, ok := w.Apps.Token(refresh)
		in, _ := w.Apps.Installed(t.App, t.Place)
		if !ok || !t.Refresh || t.App != app.ID || in.Revoked || !t.Live(w.Now()) {
			return entity.Err("invalid_refresh_token")
		}
		if t.Until.IsZero() {
			t.Until = w.Now().Add(grace)
			w.Apps.PutToken(c.Log(), t)
		}
		out = rotate(w, c, in)
		out.User = in.By
		return nil
	})
	return out, err
}

// Exchange makes a rotated token of one without end, which is void afterwards.
func Exchange(w *world.World, k Client, token string) (Granted, error) {
	var out Granted
	err := w.Change(func(c *world.Change) error {
		app, err := k.app(w)
		if err != nil {
			return err
		}
		if !app.Rotation {
			return entity.Err("token_rotation_not_enabled")
		}
		old, known := w.Apps.Token(token)
		if known && (old.Revoked || !old.Until.IsZero()) {
			return entity.Err("token_already_exchanged")
		}
		in, err := w.Apps.ByToken(token, w.Now())
		switch {
		case err != nil:
			return entity.Err("invalid_token")
		case in.App != app.ID:
			return entity.Err("authorization_not_found")
		}
		w.Apps.PutToken(c.Log(), apps.Token{Token: token, App: in.App, Place: in.Place(), Made: w.Now(), Revoked: true})
		out = rotate(w, c, in)
		out.User = in.By
		return nil
	})
	return out, err
}

// Revoke makes one token void: that of an app without rotation is all it has.
func Revoke(w *world.World, in world.Installation, token string) error {
	t, rotated := w.Apps.Token(token)
	if !rotated {
		return RevokeTokens(w, in.App, in.Place())
	}
	return w.Change(func(c *world.Change) error {
		t.Revoked = true
		w.Apps.PutToken(c.Log(), t)
		return nil
	})
}

// Leave takes the app out of where a token lets it in, at its own wish.
func Leave(w *world.World, k Client, in world.Installation) error {
	app, err := k.app(w)
	if err != nil {
		return err
	}
	if app.ID != in.App {
		return entity.Err("client_id_token_mismatch")
	}
	return Uninstall(w, in.App, in.Place())
}

// secret returns a prefix with n letters and digits that nobody can guess.
func secret(prefix string, n int) string {
	return prefix + strings.ToLower((rand.Text() + rand.Text())[:n])
}
