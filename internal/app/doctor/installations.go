package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"caseline/internal/desk/served"
	"caseline/internal/seal"
	"caseline/internal/slack/api"
	"caseline/internal/slack/manifest"
	"caseline/internal/store/sqlstore/inspect"
)

// Installations says of each workspace or organisation in which the app was
// installed by OAuth whether its token opens and Slack takes it, which scopes were
// granted there, and whether people can ask. It reports whether Slack takes one of them.
// Database must have been called.
func (d *Doctor) Installations(ctx context.Context, environ []string) (taken bool) {
	ring, err := seal.Load(environ)
	switch {
	case errors.Is(err, seal.ErrNoKey):
		d.say("key", Wrong, "slack.client_id is set, so tokens are kept in the database, and there is no key for them: make one by caseline key new, and let %s name its file.", seal.VarFile)
		return false
	case err != nil:
		d.say("key", Wrong, "The key for the tokens in the database cannot be used: %s.", short(err))
		return false
	}
	d.say("key", OK, "There are keys for the tokens in the database: %s.", strings.Join(ring.IDs(), ", "))
	if len(d.database.Installations) == 0 {
		d.say("installations", Warning, "The app is installed in no workspace yet: open %s%s in a browser.", d.cfg.PublicURL, manifest.PathInstall)
	}
	for _, i := range d.database.Installations {
		if d.installed(ctx, ring, i) {
			taken = true
			d.Scopes()
			d.Channels(ctx)
		}
	}
	return taken
}

// installed says whether the token of an installation opens and Slack takes it.
func (d *Doctor) installed(ctx context.Context, ring *seal.Ring, i inspect.Installation) bool {
	name := fmt.Sprintf("%s (%s)", i.Name, i.ID)
	about, _ := served.InstallationID(i.ID).Of()
	token, err := ring.Open(i.Token, about)
	if err != nil {
		d.say("installations", Wrong, "The token of %s does not open (%s): put the key back that it was sealed with, behind the first, or install the app there again.", name, short(err))
		return false
	}
	c, err := d.client(string(token))
	if err != nil {
		d.say("slack", Wrong, "Slack cannot be called: %s.", short(err))
		return false
	}
	id, err := c.AuthTest(ctx)
	switch {
	case api.Expired(err) && i.Rotates:
		d.say("installations", Warning, "The token of %s has expired: the server refreshes it when it runs, so see that it does.", name)
		return false
	case api.ShutOut(err):
		d.say("installations", Wrong, "Slack does not take the token of %s any more (%s): install the app there again, at %s%s.", name, api.Code(err), d.cfg.PublicURL, manifest.PathInstall)
		return false
	case err != nil:
		d.refused("installations", err, "The token of "+name, "install the app there again")
		return false
	}
	d.bot, d.identity, d.in = c, id, " in "+name
	d.say("installations", OK, "The app is installed in %s, and Slack takes its token.", name)
	return true
}
