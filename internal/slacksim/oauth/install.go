package oauth

import (
	"cmp"
	"slices"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// A Grant is what an app gets in one place: a workspace, or an organisation.
type Grant struct {
	App    string
	Place  string
	Bot    string // what the bot is called; as the app has it if empty
	Token  string // a new one if empty, or as long as it is not void the one it has
	Scopes []string
	By     string // who allowed it
}

// Install puts an app into a workspace as it is granted, without a page and a
// code. Installing it again keeps the bot and changes token and scopes.
func Install(w *world.World, g Grant) (world.Installation, error) {
	var in world.Installation
	err := w.Change(func(c *world.Change) (err error) {
		in, err = install(w, c, g)
		return err
	})
	return in, err
}

func install(w *world.World, c *world.Change, g Grant) (world.Installation, error) {
	app, ok := w.Apps.App(g.App)
	if !ok {
		return world.Installation{}, entity.ErrNotFound
	}
	in, ok := w.Apps.Installed(g.App, g.Place)
	if !ok || in.Workspace != "" && in.OrgWide() { // that of an organisation gives way to one of the workspace's own
		in = world.Installation{App: g.App, BotID: c.NewID("B")}
	}
	bot, _ := c.User(in.BotUser)
	if _, ok := c.Organisation(g.Place); ok {
		in.Enterprise, bot.Enterprise = g.Place, g.Place
	} else if _, ok := c.Workspace(g.Place); ok {
		in.Workspace, bot.Workspace = g.Place, g.Place
	} else {
		return world.Installation{}, entity.ErrNotFound
	}
	name := cmp.Or(g.Bot, app.BotName, app.Name)
	bot.Name, bot.RealName, bot.Bot, bot.BotID, bot.AppID = entity.BotHandle(name), name, true, in.BotID, app.ID
	in.BotUser, in.Token, in.Scopes, in.Revoked, in.Gone = c.PutUser(bot).ID, g.Token, g.Scopes, false, ""
	in.By = cmp.Or(g.By, in.By)
	c.PutInstallation(in)
	for _, part := range w.Apps.Parts(in) {
		part.Scopes = in.Scopes
		c.PutInstallation(part)
	}
	return in, nil
}

// Uninstall takes an app out of a workspace, or out of an organisation with all its
// workspaces: its tokens are void, and its bot is in no channel any more; only its
// direct messages stay. Installing it again brings back the same bot. Told are the
// events that the app is sent about it: tokens_revoked and app_uninstalled, if none
// is named. Slack promises no order.
func Uninstall(w *world.World, app, place string, told ...string) error {
	if len(told) == 0 {
		told = []string{tokensRevoked, appUninstalled}
	}
	return w.Change(func(c *world.Change) error {
		ended, err := revoke(w, c, app, place, entity.ErrAccountInactive, told...)
		for _, in := range ended {
			c.Withdraw(in.BotUser, in.Workspace)
		}
		return err
	})
}

// RevokeTokens makes an app's tokens void and leaves the app where it is.
func RevokeTokens(w *world.World, app, place string) error {
	return w.Change(func(c *world.Change) error {
		_, err := revoke(w, c, app, place, entity.ErrTokenRevoked, tokensRevoked)
		return err
	})
}

const (
	tokensRevoked  = "tokens_revoked"
	appUninstalled = "app_uninstalled"
)

// revoke voids the tokens of an installation and tells the app so. Nothing more is
// delivered to it. It returns what has ended: the installation, and its parts in the
// workspaces of an organisation.
func revoke(w *world.World, c *world.Change, app, place string, gone entity.Err, told ...string) ([]world.Installation, error) {
	in, ok := w.Apps.Installed(app, place)
	if !ok || in.Revoked {
		return nil, entity.ErrNotFound
	}
	for _, kind := range told {
		body := map[string]any{}
		if kind == tokensRevoked {
			body["tokens"] = map[string]any{"oauth": []string{}, "bot": []string{in.BotUser}}
		}
		c.Tell(in, kind, body)
	}
	for _, refresh := range []bool{false, true} {
		for _, t := range w.Apps.Tokens(in, refresh) {
			t.Revoked = true
			w.Apps.PutToken(c.Log(), t)
		}
	}
	ended := append(w.Apps.Parts(in), in)
	for _, part := range ended {
		part.Revoked, part.Gone = true, gone
		c.PutInstallation(part)
	}
	return ended, nil
}

// added are scopes with those that they lack of more: Slack takes none away when
// an app is installed again.
func added(scopes, more []string) []string {
	out := slices.Clone(scopes)
	for _, s := range more {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
