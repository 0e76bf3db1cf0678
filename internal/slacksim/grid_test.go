package slacksim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// A tower is a hall whose workspaces belong to one organisation, which has
// installed the app.
type tower struct {
	*hall
	org *slacksim.Organisation
	in  *slack.OAuthV2Response
}

func newTower(t *testing.T) *tower {
	t.Helper()
	h := newHall(t, func(a *slacksim.App) {
		a.OrgReady = true
		base := strings.TrimSuffix(a.EventsURL, "/events")
		a.CommandsURL, a.InteractivityURL = base+"/commands", base+"/interactivity"
		a.Commands = []world.Command{{Command: "/support"}}
		a.Shortcuts = []world.Shortcut{{Name: "Create", CallbackID: "create"}}
		a.Scopes = append(a.Scopes, "users:read", "channels:manage", "team:read", "im:write")
	})
	w := &tower{hall: h, org: h.sim.Organisation("globex")}
	w.org.Workspace("acme")
	w.org.Workspace("zeta")
	back, err := w.org.Allow(h.alice, h.asks("scope", "chat:write,channels:read,channels:manage,channels:join,users:read,team:read,im:write,emoji:read,usergroups:read"))
	if err != nil {
		t.Fatal(err)
	}
	w.in, err = slack.GetOAuthV2ResponseContext(t.Context(), http.DefaultClient, h.app.ClientID, h.app.ClientSecret, codeIn(t, back, "s1"), callback, h.api())
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// call calls a method with the organisation's token.
func (w *tower) call(t *testing.T, method string, kv ...string) map[string]any {
	t.Helper()
	form := url.Values{"token": {w.in.AccessToken}}
	for i := 0; i < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	return w.post(t, method, form)
}

func (w *tower) refused(t *testing.T, want, method string, kv ...string) {
	t.Helper()
	if out := w.call(t, method, kv...); out["error"] != want {
		t.Errorf("%s: %v, want %s", method, out, want)
	}
}

func (w *tower) ok(t *testing.T, method string, kv ...string) map[string]any {
	t.Helper()
	out := w.call(t, method, kv...)
	if out["ok"] != true {
		t.Errorf("%s: %v", method, out)
	}
	return out
}

func TestAnOrganisationInstallsAnApp(t *testing.T) {
	w := newTower(t)
	if w.in.Team.ID != "" || w.in.Enterprise != (slack.OAuthV2ResponseEnterprise{ID: w.org.ID, Name: "globex"}) || !w.in.IsEnterpriseInstall {
		t.Errorf("got %+v", w.in)
	}
	who := w.ok(t, "auth.test")
	if who["enterprise_id"] != w.org.ID || who["is_enterprise_install"] != true || who["user_id"] != w.in.BotUserID {
		t.Errorf("auth.test: %v", who)
	}
	if teams := w.ok(t, "auth.teams.list")["teams"]; teams != nil && len(teams.([]any)) > 0 {
		t.Errorf("it is in a workspace that nobody let it into: %v", teams)
	}
	if w.app.In(w.acme) != nil {
		t.Error("it is in a workspace that nobody let it into")
	}
	w.refused(t, "team_access_not_granted", "users.list", "team_id", w.acme.ID)
	in := w.org.Admit(w.app, w.acme)
	if in.Bot.ID != w.in.BotUserID {
		t.Errorf("another bot: %v", in)
	}
	w.server.Wait(t, func() bool { return len(w.server.Events("team_access_granted")) > 0 })
	if diff := cmp.Diff([]any{w.acme.ID}, w.server.Events("team_access_granted")[0]["team_ids"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{map[string]any{"id": w.acme.ID, "name": "acme"}}, w.ok(t, "auth.teams.list")["teams"]); diff != "" {
		t.Error(diff)
	}
	back, err := w.zeta.Allow(w.zoe, w.asks())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slack.GetOAuthV2ResponseContext(t.Context(), http.DefaultClient, w.app.ClientID, w.app.ClientSecret, codeIn(t, back, "s1"), callback, w.api()); err == nil || err.Error() != "cannot_install_an_org_installed_app" {
		t.Errorf("in a workspace of the organisation: %v", err)
	}
}

func TestOnlyAdminsInstallInAnOrganisationAndOnlyAppsThatAreReady(t *testing.T) {
	h := newHall(t, nil)
	org := h.sim.Organisation("globex")
	org.Workspace("acme")
	if _, err := org.Allow(h.alice, h.asks()); err == nil {
		t.Error("an app that is not ready for it was installed")
	}
	w := newTower(t)
	if _, err := w.org.Allow(w.acme.AddUser("bob", "Bob"), w.asks()); err == nil {
		t.Error("somebody who is no admin installed an app in the organisation")
	}
}

// TestAnOrganisationsTokenSaysOfWhichWorkspace calls methods that are about one
// workspace, those that name something in one, and those about the whole.
func TestAnOrganisationsTokenSaysOfWhichWorkspace(t *testing.T) {
	w := newTower(t)
	w.org.Admit(w.app, w.acme)
	w.org.Admit(w.app, w.zeta)
	for _, method := range []string{"conversations.create", "conversations.list", "users.list", "users.conversations", "usergroups.list", "usergroups.users.list", "bots.info", "emoji.list"} {
		w.refused(t, "missing_argument", method, "name", "case-1")
	}
	made := w.ok(t, "conversations.create", "name", "case-1", "team_id", w.zeta.ID)["channel"].(map[string]any)
	if made["context_team_id"] != w.zeta.ID {
		t.Errorf("made in another workspace: %v", made)
	}
	w.ok(t, "chat.postMessage", "channel", made["id"].(string), "text", "hello")
	w.ok(t, "conversations.join", "channel", w.acme.AddChannel("help", "public", w.alice).ID)
	w.ok(t, "users.info", "user", w.zoe.ID)
	w.ok(t, "chat.postMessage", "channel", w.zoe.ID, "text", "hello")
	if members := w.ok(t, "users.list", "team_id", w.acme.ID)["members"].([]any); len(members) != 3 { // Slackbot, Alice, the bot
		t.Errorf("got %v", members)
	}
	if team := w.ok(t, "team.info", "team", w.zeta.ID)["team"].(map[string]any); team["id"] != w.zeta.ID {
		t.Errorf("got %v", team)
	}
	w.refused(t, "team_not_found", "team.info", "team", "T0OTHER")
	w.org.Expel(w.app, w.zeta)
	w.refused(t, "team_access_not_granted", "chat.postMessage", "channel", made["id"].(string), "text", "hello")
	w.refused(t, "team_access_not_granted", "conversations.list", "team_id", w.zeta.ID)
	w.server.Wait(t, func() bool { return len(w.server.Events("team_access_revoked")) > 0 })
}

// TestEventsOfAnOrganisationsApp look at what stands around them.
func TestEventsOfAnOrganisationsApp(t *testing.T) {
	w := newTower(t)
	in := w.org.Admit(w.app, w.acme)
	help := w.acme.AddChannel("help", "public", w.alice)
	help.Invite(w.alice, in.Bot)
	help.Post(w.alice, "anybody there?")
	find := func(kind, text string) map[string]any {
		for _, r := range w.server.Requests("/events") {
			if e := r.Event(); e["type"] == kind && (text == "" || e["text"] == text) {
				return r.Envelope()
			}
		}
		return nil
	}
	w.server.Wait(t, func() bool { return find("message", "anybody there?") != nil })
	said := find("message", "anybody there?")
	want := []any{map[string]any{"enterprise_id": w.org.ID, "team_id": nil, "user_id": in.Bot.ID, "is_bot": true, "is_enterprise_install": true}}
	if diff := cmp.Diff(want, said["authorizations"]); diff != "" {
		t.Error(diff)
	}
	if said["team_id"] != w.acme.ID || said["enterprise_id"] != w.org.ID || said["context_enterprise_id"] != w.org.ID {
		t.Errorf("got %v", said)
	}
	w.org.Uninstall(w.app)
	w.server.Wait(t, func() bool { return find("app_uninstalled", "") != nil && find("tokens_revoked", "") != nil })
	gone := find("app_uninstalled", "")
	if gone["team_id"] != nil || gone["enterprise_id"] != w.org.ID {
		t.Errorf("got %v", gone)
	}
	w.refused(t, "account_inactive", "auth.test")
	if w.app.In(w.acme) != nil {
		t.Error("it is still in a workspace")
	}
}

// TestInteractionsOfAnOrganisationsApp have no team, but who acts and in which
// workspace.
func TestInteractionsOfAnOrganisationsApp(t *testing.T) {
	w := newTower(t)
	in := w.org.Admit(w.app, w.zeta)
	w.zeta.Enter(w.alice)
	help := w.zeta.AddChannel("help", "public", w.zoe, w.alice)
	if _, err := help.Command(t.Context(), w.alice, "/support create"); err != nil {
		t.Fatal(err)
	}
	form := w.server.Requests("/commands")[0].Form()
	for field, want := range map[string]string{"team_id": w.zeta.ID, "enterprise_id": w.org.ID, "enterprise_name": "globex", "is_enterprise_install": "true"} {
		if got := form.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	if err := w.zeta.Shortcut(t.Context(), w.zoe, in, "create"); err != nil {
		t.Fatal(err)
	}
	p := w.server.Requests("/interactivity")[0].Payload()
	if p["team"] != nil || p["is_enterprise_install"] != true || p["enterprise"].(map[string]any)["id"] != w.org.ID || p["user"].(map[string]any)["team_id"] != w.zeta.ID {
		t.Errorf("got %v", p)
	}
	view := `{"type":"modal","title":{"type":"plain_text","text":"Case"},"blocks":[]}`
	opened := w.ok(t, "views.open", "trigger_id", p["trigger_id"].(string), "view", view)["view"].(map[string]any)
	if opened["app_installed_team_id"] != w.org.ID || opened["team_id"] != w.zeta.ID {
		t.Errorf("got %v", opened)
	}
}

// TestAWorkspaceMovesIntoAnOrganisation has an app that was installed before, which
// goes on.
func TestAWorkspaceMovesIntoAnOrganisation(t *testing.T) {
	h := newHall(t, nil)
	in := h.install(t, h.acme, h.alice)
	org := h.sim.Organisation("globex")
	test := func(want string) map[string]any {
		t.Helper()
		out := h.post(t, "auth.test", url.Values{"token": {in.AccessToken}})
		if got, _ := out["error"].(string); got != want {
			t.Errorf("auth.test: %q, want %q", got, want)
		}
		return out
	}
	org.StartMigration(h.acme)
	test("team_added_to_org")
	org.FinishMigration(h.acme)
	if out := test(""); out["enterprise_id"] != org.ID || out["is_enterprise_install"] != false {
		t.Errorf("got %v", out)
	}
	h.server.Wait(t, func() bool { return len(h.server.Events("grid_migration_finished")) > 0 })
	for _, kind := range []string{"grid_migration_started", "grid_migration_finished"} {
		if all := h.server.Events(kind); len(all) != 1 || all[0]["enterprise_id"] != org.ID {
			t.Errorf("%s: %v", kind, all)
		}
	}
	if newcomer := h.acme.AddUser("wim", "Wim"); !strings.HasPrefix(newcomer.ID, "W") || !strings.HasPrefix(h.alice.ID, "U") {
		t.Errorf("ids %s, %s", newcomer.ID, h.alice.ID)
	}
}

// TestAnEventNamesOneInstallationAndTheListAllOfThem is about a channel that two
// workspaces with the app share.
func TestAnEventNamesOneInstallationAndTheListAllOfThem(t *testing.T) {
	h := newHall(t, func(a *slacksim.App) { a.AppToken = "xapp-1" })
	h.install(t, h.acme, h.alice)
	h.install(t, h.zeta, h.zoe)
	help := h.acme.AddChannel("help", "public", h.alice)
	help.Invite(h.alice, h.app.In(h.acme).Bot)
	help = help.Connect(h.zeta.ID)
	help.Post(h.alice, "to both")
	envelope := func() map[string]any {
		for _, r := range h.server.Requests("/events") {
			if r.Event()["text"] == "to both" {
				return r.Envelope()
			}
		}
		return nil
	}
	h.server.Wait(t, func() bool { return envelope() != nil })
	if err := h.sim.Quiesce(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, times := envelope(), 0
	for _, r := range h.server.Requests("/events") {
		if r.Event()["text"] == "to both" {
			times++
		}
	}
	if auths := e["authorizations"].([]any); len(auths) != 1 || auths[0].(map[string]any)["team_id"] != h.acme.ID || times != 1 || e["is_ext_shared_channel"] != true {
		t.Errorf("delivered %d times: %v", times, e)
	}
	all, err := slack.New("xoxb-none", slack.OptionAppLevelToken("xapp-1"), slack.OptionAPIURL(h.sim.World.BaseURL()+"/api/")).ListEventAuthorizationsContext(t.Context(), e["event_context"].(string))
	if err != nil {
		t.Fatal(err)
	}
	var teams []string
	for _, a := range all {
		teams = append(teams, a.TeamID)
	}
	if diff := cmp.Diff([]string{h.acme.ID, h.zeta.ID}, teams); diff != "" {
		t.Error(diff)
	}
	if out := h.post(t, "apps.event.authorizations.list", url.Values{"token": {"xapp-1"}, "event_context": {"guess"}}); out["error"] != "invalid_event_context" {
		t.Errorf("got %v", out)
	}
}
