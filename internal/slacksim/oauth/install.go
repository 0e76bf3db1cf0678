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
	if _, exists := c.Workspace(g.Place); !ok || !exists {
		return world.Installation{}, entity.ErrNotFound
	}
	in, ok := w.Apps.Installed(g.App, g.Place)
	if !ok {
		in = world.Installation{App: g.App, Workspace: g.Place, BotID: c.NewID("B")}
	}
	name := cmp.Or(g.Bot, app.BotName, app.Name)
	bot := c.PutBot(world.User{
		Workspace: g.Place, Name: entity.BotHandle(name), RealName: name, Bot: true, BotID: in.BotID, AppID: app.ID,
	})
	in.BotUser, in.Token, in.Scopes, in.Revoked, in.Gone = bot.ID, g.Token, g.Scopes, false, ""
	in.By = cmp.Or(g.By, in.By)
	c.PutInstallation(in)
	return in, nil
}

// Uninstall takes an app out of a workspace: its tokens are void, and its bot is
// in no channel any more; only its direct messages stay. Installing it again
// brings back the same bot.
func Uninstall(w *world.World, app, place string) error {
	return w.Change(func(c *world.Change) error {
		in, err := revoke(w, c, app, place, entity.ErrAccountInactive, "app_uninstalled")
		if err != nil {
			return err
		}
		c.Withdraw(in.BotUser, in.Workspace)
		return nil
	})
}

// RevokeTokens makes an app's tokens void and leaves the app where it is.
func RevokeTokens(w *world.World, app, place string) error {
	return w.Change(func(c *world.Change) error {
		_, err := revoke(w, c, app, place, entity.ErrTokenRevoked)
		return err
	})
}

// revoke voids the tokens of an installation and tells the app so, after what
// else it is told. Nothing more is delivered to it.
func revoke(w *world.World, c *world.Change, app, place string, gone entity.Err, told ...string) (world.Installation, error) {
	in, ok := w.Apps.Installed(app, place)
	if !ok || in.Revoked {
		return world.Installation{}, entity.ErrNotFound
	}
	tokens := map[string]any{"tokens": map[string]any{"oauth": []string{}, "bot": []string{in.BotUser}}}
	c.Tell(in, "tokens_revoked", tokens)
	for _, kind := range told {
		c.Tell(in, kind, map[string]any{})
	}
	for _, refresh := range []bool{false, true} {
		for _, t := range w.Apps.Tokens(in, refresh) {
			t.Revoked = true
			w.Apps.PutToken(c.Log(), t)
		}
	}
	in.Revoked, in.Gone = true, gone
	c.PutInstallation(in)
	return in, nil
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
