package install

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"caseline/internal/casework/installing"
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

// group is a node whose Slack is an organisation's, which has installed our app.
func (o *office) group(g *grid) *node {
	o.Helper()
	n := o.onGrid(g)
	i := served.Installation{ID: "E1", Enterprise: "E1", Name: "Group", AppID: "A1", BotUID: "W1"}
	n.safe.put(&i, pair{token: "xoxb-wide"})
	if err := n.cases.Install(o.Context(), desk.BySystem(), i, nil); err != nil {
		o.Fatal(err)
	}
	o.look(n)
	return n
}

// reaches are the workspaces that the organisation lets us into as far as is kept.
func (o *office) reaches() []desk.WorkspaceID {
	o.Helper()
	i, err := o.store.Installation(o.Context(), "E1")
	if err != nil {
		o.Fatal(err)
	}
	return i.Reaches
}

// Events of many workspaces at once find each, and none takes another away.
func TestEventsOfManyWorkspacesAtOnceFindEach(t *testing.T) {
	o := openOffice(t, nil)
	g := &grid{}
	n := o.group(g)
	g.teams = []string{"T1", "T2", "T3", "T4"}
	for round := range 20 {
		if err := n.cases.Reach(t.Context(), served.Installation{ID: "E1", Reaches: o.reaches()}, nil); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for _, w := range g.teams {
			all.Go(func() {
				if app, ok, err := n.Resolve(t.Context(), w, "E1"); err != nil || !ok || app.Team != w {
					t.Errorf("%s: got %v, %v, %v", w, app, ok, err)
				}
			})
		}
		all.Wait()
		if got := o.reaches(); len(got) != 4 {
			t.Fatalf("round %d: kept %v", round, got)
		}
	}
}

// Two nodes ask at the same time: what was said first is not written last.
func TestAnOlderListIsNotWrittenOverANewerOne(t *testing.T) {
	o := openOffice(t, nil)
	n := o.group(&grid{})
	seen := served.Installation{ID: "E1", Reaches: o.reaches()}
	if err := n.cases.Reach(t.Context(), seen, []served.Workspace{{ID: "T1"}}); err != nil {
		t.Fatal(err)
	}
	if err := n.cases.Reach(t.Context(), seen, nil); !errors.Is(err, installing.ErrMoved) || len(o.reaches()) != 1 {
		t.Errorf("got %v, kept %v", err, o.reaches())
	}
}

// Slack sends events for an hour after an organisation has taken us out, and people
// of any of its workspaces may be in a shared channel.
func TestALateEventTakesNoWorkspaceInAgain(t *testing.T) {
	o := openOffice(t, nil)
	g := &grid{teams: []string{"T1", "T2"}}
	n := o.group(g)
	o.look(n)
	g.teams = []string{"T1"}
	n.Relist()
	o.look(n, n)
	if app, ok, err := n.Resolve(t.Context(), "T2", "E1"); ok || err != nil {
		t.Errorf("it is served: %v, %v", app, err)
	}
	if o.look(n); n.apps["T2"].Token != "" || n.removed["T2"] != "team_access_revoked" {
		t.Errorf("got %v, removed %v", n.apps, n.removed)
	}
	// As long as the organisation does not say, Slack is to send the event again.
	g.refuses = "internal_error"
	if _, ok, err := n.Resolve(t.Context(), "T2", "E1"); ok || err == nil {
		t.Errorf("the organisation did not answer: %v, %v", ok, err)
	}
}

// An organisation takes the app away while we are in none of its workspaces: no
// warden asks there.
func TestAnOrganisationEndsWhereWeAreNowhere(t *testing.T) {
	for _, code := range []string{"account_inactive", "token_revoked"} {
		o := openOffice(t, nil)
		g := &grid{}
		n := o.group(g)
		g.refuses = code
		o.clock.Advance(listEvery)
		if o.look(n); len(n.Troubles()) != 1 {
			t.Errorf("%s: auth.test lets us in: %v", code, n.Troubles())
		}
		g.voids = code
		o.clock.Advance(time.Second)
		o.look(n, n)
		if i, err := o.store.Installation(t.Context(), "E1"); err != nil || i.Gone != code || len(n.Troubles()) > 0 {
			t.Errorf("%s: gone for %q, %v; operators read %v", code, i.Gone, err, n.Troubles())
		}
	}
}

// A list that is not read to its end takes no workspace away.
func TestAListWithoutEndTakesNothingAway(t *testing.T) {
	o := openOffice(t, nil)
	g := &grid{teams: []string{"T1", "T2"}}
	n := o.group(g)
	g.teams, g.endless = []string{"T1"}, true
	n.Relist()
	o.look(n)
	if said := strings.Join(n.Troubles(), ""); len(o.reaches()) != 2 || !strings.Contains(said, "has no end") {
		t.Errorf("kept %v; operators read %q", o.reaches(), said)
	}
}
