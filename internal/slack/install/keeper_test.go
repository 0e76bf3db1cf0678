package install

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/store"
)

func TestInstalledAgainItHasAnotherToken(t *testing.T) {
	o := openOffice(t, nil)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	first := n.in(o.acme)
	if err := oauth.Uninstall(o.sim.World, o.app.ID, o.acme.ID); err != nil {
		t.Fatal(err)
	}
	if err := n.Gone(t.Context(), o.acme.ID, "", "app_uninstalled"); err != nil {
		t.Fatal(err)
	}
	o.look(n)
	if n.in(o.acme).Token != "" || n.gone(o.acme) != "app_uninstalled" {
		t.Errorf("uninstalled: %v, gone for %q", n.in(o.acme), n.gone(o.acme))
	}
	// Its tokens are dropped, what it was is known.
	got, err := o.store.Installation(t.Context(), served.InstallationID(o.acme.ID))
	if err != nil || got.Token != "" || got.Gone != "app_uninstalled" || got.Name != "acme" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, ok, err := n.Resolve(t.Context(), o.acme.ID, ""); ok || err != nil {
		t.Errorf("it is still found: %v", err)
	}
	w, err := o.store.Workspace(t.Context(), desk.WorkspaceID(o.acme.ID))
	if err != nil {
		t.Fatal(err)
	}
	w.State, w.Reason = served.WorkspaceDisconnected, "account_inactive" // as whoever serves it has noted
	if err := o.store.Update(t.Context(), func(tx store.Tx) error { return tx.SaveWorkspace(t.Context(), &w) }); err != nil {
		t.Fatal(err)
	}
	o.installed(n, o.acme, o.alice)
	if w, err = o.store.Workspace(t.Context(), w.ID); err != nil || w.State != served.WorkspaceConnected {
		t.Errorf("installed again, the workspace is %v, %v", w.State, err)
	}
	again := n.in(o.acme)
	if again.Token == first.Token || again.Token != o.app.In(o.acme).Token || again.Version <= first.Version || n.gone(o.acme) != "" {
		t.Errorf("installed again: %+v", again)
	}
	// What was heard of the old installation says nothing of the new one.
	if err := n.Gone(t.Context(), o.acme.ID, "", "token_revoked"); err != nil {
		t.Fatal(err)
	}
	o.look(n)
	if n.in(o.acme) != again {
		t.Error("a late word of the old installation took the new one away")
	}
	for what, want := range map[string]int{desk.DidInstall: 2, desk.DidUninstall: 1} {
		if audit, err := o.store.Audit(t.Context(), desk.AuditFilter{What: what}, 0, 9); err != nil || len(audit) != want {
			t.Errorf("%s: %d entries, want %d; %v", what, len(audit), want, err)
		}
	}
}

// While Slack does not answer, nothing is taken away.
func TestSilenceIsNoUninstallation(t *testing.T) {
	o := openOffice(t, nil)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	o.sim.Fail("auth.test", slacksim.Lost)
	if err := n.Gone(t.Context(), o.acme.ID, "", "app_uninstalled"); err == nil {
		t.Error("it is not said that nothing came of it")
	}
	o.look(n)
	if n.in(o.acme).Token == "" {
		t.Error("it is gone")
	}
}

func TestEveryNodeHearsOfAnInstallation(t *testing.T) {
	o := openOffice(t, nil)
	one, two := o.node(), o.node()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- two.Run(ctx) }()
	o.install(one, o.acme, o.alice)
	<-two.told
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	apps, err := o.node().Apps(t.Context())
	if err != nil || len(apps) != 1 || apps[0] != two.in(o.acme) {
		t.Errorf("a node that starts finds %v, %v", apps, err)
	}
	app, ok, err := o.node().Resolve(t.Context(), o.acme.ID, "")
	if err != nil || !ok || app != apps[0] {
		t.Errorf("one that hears an event finds %v, %v, %v", app, ok, err)
	}
}

// A key that is not there keeps out those whose tokens it sealed, and nobody else.
func TestAnUnknownKeyStopsOnlyWhatItSealed(t *testing.T) {
	o := openOffice(t, nil)
	o.installed(o.node(oldKey), o.acme, o.alice)
	o.installed(o.node(newKey, oldKey), o.zeta, o.zoe)
	n := o.node(newKey)
	o.look(n)
	if n.in(o.acme).Token != "" || n.in(o.zeta).Token == "" {
		t.Errorf("got %v", n.apps)
	}
	said := strings.Join(n.Troubles(), "\n")
	for _, want := range []string{"(acme)", "sealed with a key that is not here", "put that key back", "CASELINE_KEY_FILE", "install the app there again"} {
		if !strings.Contains(said, want) || !strings.Contains(o.log.String(), want) {
			t.Errorf("nobody says %q: %s", want, said)
		}
	}
	if strings.Count(o.log.String(), "sealed with a key") != 1 {
		t.Error("it is said more than once")
	}
	for range 3 {
		o.look(n)
	}
	// The key comes back.
	n = o.node(newKey, oldKey)
	o.look(n)
	if n.in(o.acme).Token == "" || len(n.Troubles()) > 0 {
		t.Errorf("got %v, %v", n.apps, n.Troubles())
	}
}

func TestAKeyIsReplaced(t *testing.T) {
	o := openOffice(t, rotates)
	o.installed(o.node(oldKey), o.acme, o.alice)
	o.installed(o.node(oldKey), o.zeta, o.zoe)
	both := o.node(newKey, oldKey)
	if anew, err := Reseal(t.Context(), o.store, both.safe.ring); err != nil || anew != 2 {
		t.Fatalf("got %d, %v", anew, err)
	}
	if anew, err := Reseal(t.Context(), o.store, both.safe.ring); err != nil || anew != 0 {
		t.Errorf("again: %d, %v", anew, err)
	}
	n := o.node(newKey)
	o.look(n)
	if n.in(o.acme).Token != o.app.In(o.acme).Token || len(n.Troubles()) > 0 {
		t.Errorf("without the old key: %v, %v", n.apps, n.Troubles())
	}
	// All or nothing: one that does not open leaves the others as they are.
	o.installed(o.node(oldKey), o.acme, o.alice)
	third := o.node("QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=", newKey)
	if _, err := Reseal(t.Context(), o.store, third.safe.ring); err == nil || !strings.Contains(err.Error(), "put that key back") {
		t.Errorf("got %v", err)
	}
	o.look(n)
	if n.in(o.zeta).Token == "" {
		t.Error("some was sealed anew")
	}
}

// Sealed tokens open nowhere but where they belong.
func TestSealedTokensCannotChangePlaces(t *testing.T) {
	o := openOffice(t, rotates)
	n := o.node()
	o.installed(n, o.acme, o.alice)
	i, err := o.store.Installation(t.Context(), served.InstallationID(o.acme.ID))
	if err != nil {
		t.Fatal(err)
	}
	for name, alter := range map[string]func(*served.Installation){
		"another workspace's":       func(i *served.Installation) { i.ID = "T9" },
		"the refresh token as such": func(i *served.Installation) { i.Token = i.Refresh },
		"the token to refresh with": func(i *served.Installation) { i.Refresh = i.Token },
	} {
		moved := i
		alter(&moved)
		if _, err := n.safe.open(moved); err == nil || !strings.Contains(err.Error(), "install the app there again") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A grid is a Slack that answers for an organisation, as its pages have it.
type grid struct {
	teams   []string
	refuses string // what auth.teams.list says instead
	voids   string // what auth.test says instead
	endless bool   // its list has no end
	asked   int
}

// ServeHTTP answers a call.
func (g *grid) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := map[string]any{"ok": true}
	switch _, method, _ := strings.Cut(r.URL.Path, "/api/"); {
	case method == "oauth.v2.access":
		answer = map[string]any{
			"ok": true, "access_token": "xoxb-wide", "token_type": "bot", "scope": "chat:write", "bot_user_id": "W1", "app_id": "A1",
			"team": nil, "enterprise": map[string]string{"id": "E1", "name": "Group"}, "is_enterprise_install": true, "authed_user": map[string]string{"id": "W7"},
		}
	case method == "auth.test" && g.voids != "":
		answer = map[string]any{"ok": false, "error": g.voids}
	case method == "auth.test":
		answer = map[string]any{"ok": true, "team_id": "E1", "team": "Group", "user_id": "W1", "bot_id": "B1", "url": "https://group.enterprise.slack.com/", "enterprise_id": "E1", "is_enterprise_install": true}
	case method == "auth.teams.list" && g.refuses != "":
		g.asked++
		answer = map[string]any{"ok": false, "error": g.refuses}
	case method == "auth.teams.list":
		g.asked++
		var teams []map[string]string
		for _, id := range g.teams {
			teams = append(teams, map[string]string{"id": id, "name": "name of " + id})
		}
		at := 0
		if r.FormValue("cursor") != "" {
			at = 1
		}
		next := ""
		if at == 0 && len(teams) > 1 {
			teams, next = teams[:1], "more"
		} else {
			teams = teams[at:]
		}
		if g.endless {
			next = "more"
		}
		answer = map[string]any{"ok": true, "teams": teams, "response_metadata": map[string]string{"next_cursor": next}}
	default:
		answer = map[string]any{"ok": false, "error": "unknown_method"}
	}
	json.NewEncoder(w).Encode(answer)
}

// onGrid is a node whose Slack is an organisation's.
func (o *office) onGrid(g *grid) *node {
	o.Helper()
	srv := httptest.NewServer(g)
	o.Cleanup(srv.Close)
	return o.nodeAt(srv.URL+"/api/", oldKey)
}

func stateIn(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return u.Query().Get("state")
}

func TestAnOrganisationLetsUsIntoItsWorkspaces(t *testing.T) {
	g := &grid{}
	o := openOffice(t, nil)
	n := o.onGrid(g)
	b := &browser{n: n}
	state := o.begin(b)
	says(t, b.get(t.Context(), instead(instead(publicURL+"/slack/oauth/callback", "state", stateIn(state)), "code", "c")), http.StatusOK,
		"The app is installed in Group", "It is in no workspace of the organisation yet.", "An admin of the organisation adds the app")
	o.look(n)
	if len(n.apps) > 0 || g.asked != 1 {
		t.Errorf("it is in %v; asked %d times", n.apps, g.asked)
	}
	g.teams = []string{"T2", "T1"}
	o.look(n)
	if len(n.apps) > 0 {
		t.Error("the organisation is asked all the time")
	}
	n.Relist() // as when team_access_granted comes
	o.look(n, n)
	want := App{Workspace: "T2", Token: "xoxb-wide", Team: "T2", of: "E1"}
	if got := n.apps["T2"]; got.Workspace != want.Workspace || got.Token != want.Token || got.Team != want.Team || len(n.apps) != 2 {
		t.Errorf("got %+v", n.apps)
	}
	if w, err := o.store.Workspace(t.Context(), "T1"); err != nil || w.Name != "name of T1" || w.BotUID != "W1" {
		t.Errorf("got %+v, %v", w, err)
	}
	// An event of a workspace that nobody has heard of, and one of another organisation.
	g.teams = append(g.teams, "T3")
	app, ok, err := n.Resolve(t.Context(), "T3", "E1")
	if err != nil || !ok || app.Team != "T3" || app.Token != "xoxb-wide" {
		t.Errorf("got %+v, %v, %v", app, ok, err)
	}
	for _, at := range [][2]string{{"T4", "E2"}, {"", "E1"}, {"T4", ""}} {
		if app, ok, err := n.Resolve(t.Context(), at[0], at[1]); ok || err != nil {
			t.Errorf("%v: got %v, %v", at, app, err)
		}
	}
	o.look(n)
	if n.apps["T3"].Team != "T3" {
		t.Errorf("got %v", n.apps)
	}
	// And out again, though the organisation does not answer at first.
	g.teams, g.refuses = []string{"T1"}, "internal_error"
	n.Relist()
	o.look(n, n)
	g.refuses = ""
	o.clock.Advance(time.Second)
	o.look(n, n)
	if len(n.apps) != 1 || n.removed["T2"] != "team_access_revoked" {
		t.Errorf("got %v, removed %v", n.apps, n.removed)
	}
}

func TestAWorkspacesOwnInstallationGoesFirst(t *testing.T) {
	o := openOffice(t, nil)
	n := o.onGrid(&grid{})
	put := func(i served.Installation, token string) {
		n.safe.put(&i, pair{token: token})
		if err := n.cases.Install(t.Context(), desk.BySystem(), i, nil); err != nil {
			t.Fatal(err)
		}
	}
	put(served.Installation{ID: "T1", Workspace: "T1", Enterprise: "E1"}, "xoxb-own")
	put(served.Installation{ID: "E1", Enterprise: "E1", Reaches: []desk.WorkspaceID{"T1", "T2"}}, "xoxb-wide")
	if err := n.cases.Reach(t.Context(), served.Installation{ID: "E1"}, []served.Workspace{{ID: "T1"}, {ID: "T2"}}); err != nil {
		t.Fatal(err)
	}
	apps, err := n.Apps(t.Context())
	if err != nil || len(apps) != 2 || apps[0].Token != "xoxb-own" || apps[0].Team != "" || apps[1].Token != "xoxb-wide" || apps[1].Team != "T2" {
		t.Errorf("got %+v, %v", apps, err)
	}
	app, ok, err := n.Resolve(t.Context(), "T1", "E1")
	if err != nil || !ok || app.Token != "xoxb-own" {
		t.Errorf("got %+v, %v", app, err)
	}
}

// A workspace that moves into an organisation is asked again after 1, 3, 10, 30
// and 60 seconds.
func TestAnOrganisationThatMovesIsAskedLessAndLess(t *testing.T) {
	for _, code := range []string{"team_added_to_org", "org_login_required"} {
		o := openOffice(t, nil)
		g := &grid{refuses: code}
		n := o.onGrid(g)
		i := served.Installation{ID: "E1", Enterprise: "E1", Name: "Group"}
		n.safe.put(&i, pair{token: "xoxb-wide"})
		if err := n.cases.Install(t.Context(), desk.BySystem(), i, nil); err != nil {
			t.Fatal(err)
		}
		began := o.clock.Now()
		var got []int
		for range 200 {
			before := g.asked
			o.look(n)
			if g.asked > before {
				got = append(got, int(o.clock.Now().Sub(began).Seconds()))
			}
			o.clock.Advance(time.Second)
		}
		if want := []int{0, 1, 4, 14, 44, 104, 164}; !slices.Equal(got, want) {
			t.Errorf("%s: asked at %v, want %v", code, got, want)
		}
		if said := n.Troubles(); len(said) != 1 || !strings.Contains(said[0], "organisation E1 (Group)") {
			t.Errorf("got %v", said)
		}
	}
}
