package install

import (
	"fmt"
	"net/http"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
)

// An organisation installs the app, lets it into one workspace, then another, out
// of one, and uninstalls it.
func TestAnOrganisationInstallsTheApp(t *testing.T) {
	o := openOffice(t, func(a *slacksim.App) { a.OrgReady, a.Rotation = true, true })
	org := o.sim.Organisation("globex")
	org.Workspace("acme")
	org.Workspace("zeta")
	n := o.node()
	b := &browser{n: n}
	back, err := org.Allow(o.alice, o.begin(b))
	if err != nil {
		t.Fatal(err)
	}
	says(t, b.get(t.Context(), back), http.StatusOK, "The app is installed in globex", "It is in no workspace of the organisation yet.")
	o.look(n)
	if len(n.apps) > 0 {
		t.Errorf("it is in %v", n.apps)
	}
	says(t, o.install(n, o.acme, o.alice), http.StatusBadGateway, "The app is in your organisation already")

	there := org.Admit(o.app, o.acme)
	n.Relist() // as when team_access_granted comes
	o.look(n, n)
	app := n.in(o.acme)
	if app.Team != o.acme.ID || len(n.apps) != 1 {
		t.Fatalf("got %v", n.apps)
	}
	w, err := o.store.Workspace(t.Context(), desk.WorkspaceID(o.acme.ID))
	if err != nil || w.Name != "acme" || w.BotUID != there.Bot.ID || w.AppID != "A0SUPPORT" {
		t.Errorf("got %+v, %v", w, err)
	}
	o.works(n, app)

	org.Admit(o.app, o.zeta)
	heard, ok, err := n.Resolve(t.Context(), o.zeta.ID, org.ID)
	if err != nil || !ok || heard.Team != o.zeta.ID {
		t.Fatalf("an event of zeta finds %v, %v, %v", heard, ok, err)
	}
	o.look(n)
	o.works(n, n.in(o.zeta))

	// One token is refreshed for both.
	n.Doubt(desk.WorkspaceID(o.zeta.ID))
	o.look(n, n)
	if one, two := n.in(o.acme), n.in(o.zeta); o.refreshes() != 1 || one.Token == app.Token || one.Token != two.Token {
		t.Errorf("%d refreshes; got %v", o.refreshes(), n.apps)
	}
	o.works(n, n.in(o.zeta))

	org.Expel(o.app, o.acme)
	n.Relist()
	o.look(n, n)
	if n.gone(o.acme) != "team_access_revoked" || n.in(o.zeta).Token == "" {
		t.Errorf("got %v, gone %v", n.apps, n.removed)
	}
	org.Uninstall(o.app)
	if err := n.Gone(t.Context(), o.zeta.ID, org.ID, "app_uninstalled"); err != nil {
		t.Fatal(err)
	}
	o.look(n)
	if i, err := o.store.Installation(t.Context(), served.InstallationID(org.ID)); err != nil || i.Gone != "app_uninstalled" || i.Token != "" || n.gone(o.zeta) != "app_uninstalled" {
		t.Errorf("got %+v, %v; gone %v", i, err, n.removed)
	}
}

// works has an app call what needs to know which workspace is meant.
func (o *office) works(n *node, app App) {
	o.Helper()
	c, err := n.oauth.Client(app.Token, app.Team)
	if err != nil {
		o.Fatal(err)
	}
	ctx := o.Context()
	who, err := c.AuthTest(ctx)
	if err != nil || who.TeamID != app.Team {
		o.Errorf("auth.test: %+v, %v", who, err)
	}
	if team, err := c.TeamInfo(ctx); err != nil || team.ID != app.Team || team.Name == "" {
		o.Errorf("team.info: %+v, %v", team, err)
	}
	if made, err := c.CreateChannel(ctx, fmt.Sprint("case-", len(o.sim.Calls("conversations.create")))); err != nil || made.ID == "" {
		o.Errorf("conversations.create: %+v, %v", made, err)
	}
	_, _, listed := c.PublicChannels(ctx, "")
	_, _, ours := c.OurPrivateChannels(ctx, "")
	_, groups := c.UserGroups(ctx)
	_, emoji := c.EmojiList(ctx)
	for method, err := range map[string]error{"conversations.list": listed, "users.conversations": ours, "usergroups.list": groups, "emoji.list": emoji} {
		if err != nil {
			o.Errorf("%s: %v", method, err)
		}
	}
}
