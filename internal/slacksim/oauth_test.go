package slacksim_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/simtest"
)

const callback = "https://support.example.com/slack/oauth/callback"

// A hall is a simulated Slack of two workspaces, with an app that is installed
// in neither.
type hall struct {
	sim        *slacksim.Server
	server     *simtest.App
	clock      *clock.Manual
	acme, zeta *slacksim.Workspace
	alice, zoe *slacksim.User
	app        *slacksim.Registered
}

func newHall(t *testing.T, alter func(*slacksim.App)) *hall {
	t.Helper()
	h := &hall{server: simtest.NewApp(t), clock: clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
	h.sim = simtest.Start(t, slacksim.Options{Clock: h.clock})
	h.acme, h.zeta = h.sim.Workspace("acme"), h.sim.Workspace("zeta")
	h.alice = h.acme.AddUser("alice", "Alice Martin", slacksim.Admin)
	h.zoe = h.zeta.AddUser("zoe", "Zoe Lind", slacksim.Admin)
	a := slacksim.App{
		ID: "A0SUPPORT", Name: "Support Chat", BotName: "Support Chat", SigningSecret: secret, EventsURL: h.server.URL + "/events",
		RedirectURLs: []string{callback}, Scopes: []string{"chat:write", "channels:history", "channels:read", "channels:join", "reactions:read"},
		Optional: []string{"reactions:read"},
	}
	if alter != nil {
		alter(&a)
	}
	h.app = h.sim.Register(a)
	return h
}

// asks is the address that the app sends people to.
func (h *hall) asks(kv ...string) string {
	q := url.Values{"client_id": {h.app.ClientID}, "scope": {"chat:write,channels:history,channels:join,reactions:read"}, "state": {"s1"}, "redirect_uri": {callback}}
	for i := 0; i < len(kv); i += 2 {
		q.Set(kv[i], kv[i+1])
		if kv[i+1] == "" {
			q.Del(kv[i])
		}
	}
	return h.sim.World.BaseURL() + "/oauth/v2/authorize?" + q.Encode()
}

func (h *hall) api() slack.OAuthOption {
	return slack.OAuthOptionAPIURL(h.sim.World.BaseURL() + "/api/")
}

func (h *hall) slack(token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(h.sim.World.BaseURL()+"/api/"))
}

// code is what the app gets when somebody allows it, and the state with it.
func (h *hall) code(t *testing.T, ws *slacksim.Workspace, u *slacksim.User, without ...string) string {
	t.Helper()
	back, err := ws.Allow(u, h.asks(), without...)
	if err != nil {
		t.Fatal(err)
	}
	return codeIn(t, back, "s1")
}

func codeIn(t *testing.T, back, state string) string {
	t.Helper()
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	if got := u.Query().Get("state"); got != state {
		t.Errorf("state %q, want %q", got, state)
	}
	return u.Query().Get("code")
}

// install has the app installed by slack-go.
func (h *hall) install(t *testing.T, ws *slacksim.Workspace, u *slacksim.User, without ...string) *slack.OAuthV2Response {
	t.Helper()
	out, err := slack.GetOAuthV2ResponseContext(t.Context(), http.DefaultClient, h.app.ClientID, h.app.ClientSecret, h.code(t, ws, u, without...), callback, h.api())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// post calls a method without a token, as form says.
func (h *hall) post(t *testing.T, method string, form url.Values) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", h.sim.World.BaseURL()+"/api/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, req)
}

// TestOneAppIsInstalledInTwoWorkspaces does so by slack-go, as an app of its own
// right: each workspace has its own bot and token, and the app hears of both.
func TestOneAppIsInstalledInTwoWorkspaces(t *testing.T) {
	h := newHall(t, nil)
	acme, zeta := h.install(t, h.acme, h.alice), h.install(t, h.zeta, h.zoe, "reactions:read")
	if acme.AccessToken == zeta.AccessToken || acme.BotUserID == zeta.BotUserID || !strings.HasPrefix(acme.AccessToken, "xoxb-") {
		t.Errorf("the workspaces share what each has of its own: %+v, %+v", acme, zeta)
	}
	want := &slack.OAuthV2Response{
		AccessToken: acme.AccessToken, TokenType: "bot", Scope: "chat:write,channels:history,channels:join,reactions:read", BotUserID: h.app.In(h.acme).Bot.ID,
		AppID: "A0SUPPORT", Team: slack.OAuthV2ResponseTeam{ID: h.acme.ID, Name: "acme"}, AuthedUser: slack.OAuthV2ResponseAuthedUser{ID: h.alice.ID},
		SlackResponse: slack.SlackResponse{Ok: true},
	}
	if diff := cmp.Diff(want, acme); diff != "" {
		t.Error(diff)
	}
	if zeta.Scope != "chat:write,channels:history,channels:join" {
		t.Errorf("what was left out was granted: %s", zeta.Scope)
	}
	for ws, got := range map[*slacksim.Workspace]*slack.OAuthV2Response{h.acme: acme, h.zeta: zeta} {
		who, err := h.slack(got.AccessToken).AuthTestContext(t.Context())
		if err != nil || who.TeamID != ws.ID || who.UserID != got.BotUserID {
			t.Errorf("auth.test: %+v, %v", who, err)
		}
	}
	for ws, u := range map[*slacksim.Workspace]*slacksim.User{h.acme: h.alice, h.zeta: h.zoe} {
		ch := ws.AddChannel("help", "public", u)
		ch.Invite(u, h.app.In(ws).Bot)
		ch.Post(u, "hello from "+u.Name)
	}
	teams := func() (out []string) {
		for _, r := range h.server.Requests("/events") {
			e := r.Envelope()
			if text, _ := r.Event()["text"].(string); strings.HasPrefix(text, "hello") {
				auth := e["authorizations"].([]any)[0].(map[string]any)
				out = append(out, e["team_id"].(string)+" "+auth["user_id"].(string))
			}
		}
		slices.Sort(out)
		return out
	}
	h.server.Wait(t, func() bool { return len(teams()) == 2 })
	wantTeams := []string{h.acme.ID + " " + acme.BotUserID, h.zeta.ID + " " + zeta.BotUserID}
	slices.Sort(wantTeams)
	if diff := cmp.Diff(wantTeams, teams()); diff != "" {
		t.Error(diff)
	}
}

func TestACodeIsGoodOnceAndForTenMinutes(t *testing.T) {
	h := newHall(t, nil)
	form := func(kv ...string) url.Values {
		v := url.Values{"client_id": {h.app.ClientID}, "client_secret": {h.app.ClientSecret}, "redirect_uri": {callback}}
		for i := 0; i < len(kv); i += 2 {
			v.Set(kv[i], kv[i+1])
		}
		return v
	}
	code := h.code(t, h.acme, h.alice)
	for _, tt := range []struct {
		want string
		form url.Values
	}{
		{"invalid_client_id", form("code", code, "client_id", "1.2")},
		{"bad_client_secret", form("code", code, "client_secret", "guess")},
		{"invalid_code", form("code", "guess")},
		{"invalid_code", form()},
		{"bad_redirect_uri", form("code", code, "redirect_uri", callback+"/other")},
		{"invalid_grant_type", form("code", code, "grant_type", "password")},
		{"invalid_refresh_token", form("grant_type", "refresh_token", "refresh_token", "xoxe-1-guess")},
	} {
		if out := h.post(t, "oauth.v2.access", tt.form); out["error"] != tt.want {
			t.Errorf("%v: %v, want %s", tt.form, out, tt.want)
		}
	}
	if h.app.In(h.acme) != nil {
		t.Error("the app was installed before it exchanged its code")
	}
	basic, err := http.NewRequestWithContext(t.Context(), "POST", h.sim.World.BaseURL()+"/api/oauth.v2.access", strings.NewReader(url.Values{"code": {code}, "redirect_uri": {callback}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	basic.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	basic.SetBasicAuth(h.app.ClientID, h.app.ClientSecret)
	if out := do(t, basic); out["ok"] != true {
		t.Errorf("by HTTP Basic: %v", out)
	}
	if out := h.post(t, "oauth.v2.access", form("code", code)); out["error"] != "invalid_code" {
		t.Errorf("the second time: %v", out)
	}
	late := h.code(t, h.acme, h.alice)
	h.clock.Advance(10 * time.Minute)
	if out := h.post(t, "oauth.v2.access", form("code", late)); out["error"] != "invalid_code" {
		t.Errorf("after ten minutes: %v", out)
	}
}

func TestScopesAreAddedAndNeverTakenAway(t *testing.T) {
	h := newHall(t, nil)
	first := h.install(t, h.acme, h.alice)
	back, err := h.acme.Allow(h.alice, h.asks("scope", "pins:write,chat:write"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := slack.GetOAuthV2ResponseContext(t.Context(), http.DefaultClient, h.app.ClientID, h.app.ClientSecret, codeIn(t, back, "s1"), callback, h.api())
	if err != nil {
		t.Fatal(err)
	}
	if second.Scope != first.Scope+",pins:write" || second.AccessToken != first.AccessToken || second.BotUserID != first.BotUserID {
		t.Errorf("got %+v after %+v", second, first)
	}
}

func TestAPersonRefuses(t *testing.T) {
	h := newHall(t, nil)
	back, err := h.sim.Deny(h.asks())
	if want := callback + "?error=access_denied&state=s1"; err != nil || back != want {
		t.Errorf("got %s, %v", back, err)
	}
}

// TestAnInstallationBeginsOnSlacksPages has no state, which the app did not make.
func TestAnInstallationBeginsOnSlacksPages(t *testing.T) {
	h := newHall(t, nil)
	back, err := h.acme.Allow(h.alice, h.app.Direct())
	if err != nil {
		t.Fatal(err)
	}
	code := codeIn(t, back, "")
	if _, err := slack.GetOAuthV2ResponseContext(t.Context(), http.DefaultClient, h.app.ClientID, h.app.ClientSecret, code, "", h.api()); err != nil {
		t.Error(err)
	}
}

func TestWhoMayInstallWhat(t *testing.T) {
	h := newHall(t, nil)
	guest := h.acme.AddUser("gus", "Gus", slacksim.Guest)
	stranger := h.acme.AddUser("sue", "Sue", slacksim.Of("T0OTHER", "Other"))
	for name, u := range map[string]*slacksim.User{"a guest": guest, "a stranger": stranger, "a person of another workspace": h.zoe} {
		if _, err := h.acme.Allow(u, h.asks()); err == nil {
			t.Errorf("%s installed the app", name)
		}
	}
	if _, err := h.acme.Allow(h.alice, h.asks(), "chat:write"); err == nil {
		t.Error("what the app needs was left out")
	}
}

// TestUninstalledMeansOutAtOnce also shows that nothing is delivered of what
// happened just before.
func TestUninstalledMeansOutAtOnce(t *testing.T) {
	h := newHall(t, nil)
	in := h.install(t, h.acme, h.alice)
	help := h.acme.AddChannel("help", "public", h.alice)
	help.Invite(h.alice, h.app.In(h.acme).Bot)
	h.server.Wait(t, func() bool { return len(h.server.Events("member_joined_channel")) > 0 })
	h.sim.Dispatch.Hold()
	help.Post(h.alice, "before")
	if out := h.post(t, "apps.uninstall", url.Values{"token": {in.AccessToken}, "client_id": {h.app.ClientID}, "client_secret": {"guess"}}); out["error"] != "bad_client_secret" {
		t.Errorf("got %v", out)
	}
	other := h.sim.Register(slacksim.App{ID: "A0OTHER", Name: "Other"})
	if out := h.post(t, "apps.uninstall", url.Values{"token": {in.AccessToken}, "client_id": {other.ClientID}, "client_secret": {other.ClientSecret}}); out["error"] != "client_id_token_mismatch" {
		t.Errorf("got %v", out)
	}
	if out := h.post(t, "apps.uninstall", url.Values{"token": {in.AccessToken}, "client_id": {h.app.ClientID}, "client_secret": {h.app.ClientSecret}}); out["ok"] != true {
		t.Fatalf("got %v", out)
	}
	h.sim.Dispatch.Release()
	h.server.Wait(t, func() bool { return len(h.server.Events("app_uninstalled")) > 0 })
	tokens := h.server.Events("tokens_revoked")[0]["tokens"]
	if diff := cmp.Diff(map[string]any{"oauth": []any{}, "bot": []any{in.BotUserID}}, tokens); diff != "" {
		t.Error(diff)
	}
	for _, e := range h.server.Events("message") {
		if e["text"] == "before" {
			t.Error("the app was told of a message after it was uninstalled")
		}
	}
	if out := h.post(t, "auth.test", url.Values{"token": {in.AccessToken}}); out["error"] != "account_inactive" {
		t.Errorf("got %v", out)
	}
	again := h.install(t, h.acme, h.alice, "reactions:read")
	if again.AccessToken == in.AccessToken || again.BotUserID != in.BotUserID || again.Scope != "chat:write,channels:history,channels:join" {
		t.Errorf("installed again: %+v, before %+v", again, in)
	}
	if out := h.post(t, "auth.test", url.Values{"token": {in.AccessToken}}); out["error"] != "invalid_auth" {
		t.Errorf("the old token: %v", out)
	}
	before := len(h.server.Requests("/events"))
	h.acme.Uninstall(h.app.In(h.acme), "app_uninstalled", "tokens_revoked") // Slack promises no order
	h.server.Wait(t, func() bool { return len(h.server.Events("tokens_revoked")) == 2 })
	if first := h.server.Requests("/events")[before:][0].Event()["type"]; first != "app_uninstalled" {
		t.Errorf("first it was told %v", first)
	}
}

func TestATokenIsRevoked(t *testing.T) {
	h := newHall(t, nil)
	in := h.install(t, h.acme, h.alice)
	if out := h.post(t, "auth.revoke", url.Values{"token": {in.AccessToken}, "test": {"1"}}); out["revoked"] != false {
		t.Errorf("got %v", out)
	}
	if out := h.post(t, "auth.revoke", url.Values{"token": {in.AccessToken}}); out["revoked"] != true {
		t.Errorf("got %v", out)
	}
	h.server.Wait(t, func() bool { return len(h.server.Events("tokens_revoked")) > 0 })
	if out := h.post(t, "auth.test", url.Values{"token": {in.AccessToken}}); out["error"] != "token_revoked" {
		t.Errorf("got %v", out)
	}
}

// TestTokensAreRotated renews them by slack-go.
func TestTokensAreRotated(t *testing.T) {
	h := newHall(t, func(a *slacksim.App) { a.Rotation = true })
	first := h.install(t, h.acme, h.alice)
	if !strings.HasPrefix(first.AccessToken, "xoxe.xoxb-") || !strings.HasPrefix(first.RefreshToken, "xoxe-1-") || first.ExpiresIn != 43_200 {
		t.Fatalf("got %+v", first)
	}
	test := func(token, want string) {
		t.Helper()
		if got, _ := h.post(t, "auth.test", url.Values{"token": {token}})["error"].(string); got != want {
			t.Errorf("auth.test: %q, want %q", got, want)
		}
	}
	refresh := func(token string) *slack.OAuthV2Response {
		t.Helper()
		out, err := slack.RefreshOAuthV2TokenContext(t.Context(), http.DefaultClient, h.app.ClientID, h.app.ClientSecret, token, h.api())
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	h.clock.Advance(oauth.TokenLife - time.Second)
	test(first.AccessToken, "")
	second := refresh(first.RefreshToken)
	test(first.AccessToken, "")
	third := refresh(second.RefreshToken)
	test(first.AccessToken, "token_revoked") // two are alive at most
	test(second.AccessToken, "")
	test(third.AccessToken, "")
	h.clock.Advance(29 * time.Second)
	again := refresh(second.RefreshToken) // within the grace
	h.clock.Advance(time.Second)
	if _, err := slack.RefreshOAuthV2TokenContext(t.Context(), http.DefaultClient, h.app.ClientID, h.app.ClientSecret, second.RefreshToken, h.api()); err == nil || err.Error() != "invalid_refresh_token" {
		t.Errorf("a used refresh token: %v", err)
	}
	h.clock.Advance(oauth.TokenLife)
	test(again.AccessToken, "token_expired")
	renewed := refresh(again.RefreshToken)
	test(renewed.AccessToken, "")
	if out := h.post(t, "auth.revoke", url.Values{"token": {renewed.AccessToken}}); out["revoked"] != true {
		t.Error(out)
	}
	test(renewed.AccessToken, "token_revoked")
	if h.app.In(h.acme) == nil {
		t.Error("revoking one token of several took the app away")
	}
}

func TestALongLivedTokenIsExchanged(t *testing.T) {
	h := newHall(t, nil)
	old := h.install(t, h.acme, h.alice).AccessToken
	exchange := func(token string) map[string]any {
		t.Helper()
		return h.post(t, "oauth.v2.exchange", url.Values{"token": {token}, "client_id": {h.app.ClientID}, "client_secret": {h.app.ClientSecret}})
	}
	if out := exchange(old); out["error"] != "token_rotation_not_enabled" {
		t.Errorf("got %v", out)
	}
	app, _ := h.sim.World.Apps.App(h.app.ID)
	app.Rotation = true
	if _, err := h.sim.World.PutApp(app); err != nil {
		t.Fatal(err)
	}
	if out := exchange("xoxb-guess"); out["error"] != "invalid_token" {
		t.Errorf("got %v", out)
	}
	out := exchange(old)
	if token, _ := out["access_token"].(string); !strings.HasPrefix(token, "xoxe.xoxb-") || out["refresh_token"] == nil {
		t.Fatalf("got %v", out)
	}
	if out := exchange(old); out["error"] != "token_already_exchanged" {
		t.Errorf("got %v", out)
	}
	if out := h.post(t, "auth.test", url.Values{"token": {old}}); out["error"] != "token_revoked" {
		t.Errorf("got %v", out)
	}
}

// TestTheJournalHasNoSecrets reads all that was noted of an installation.
func TestTheJournalHasNoSecrets(t *testing.T) {
	h := newHall(t, func(a *slacksim.App) { a.Rotation = true })
	in := h.install(t, h.acme, h.alice)
	if _, err := slack.RefreshOAuthV2TokenContext(t.Context(), http.DefaultClient, h.app.ClientID, h.app.ClientSecret, in.RefreshToken, h.api()); err != nil {
		t.Fatal(err)
	}
	calls := h.sim.Calls("oauth.v2.access")
	raw, err := json.Marshal(calls)
	if err != nil || len(calls) != 2 || calls[0].App != h.app.ID || calls[0].Workspace != h.acme.ID {
		t.Fatalf("got %v, %v", calls, err)
	}
	for _, secret := range []string{h.app.ClientSecret, in.AccessToken, in.RefreshToken} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("a secret stands in %s", raw)
		}
	}
	if _, has := calls[0].Args["code"]; has {
		t.Error("the code stands in the journal")
	}
}

// TestAnAppsSocketsCarryAllItsWorkspaces has one connection for two of them.
func TestAnAppsSocketsCarryAllItsWorkspaces(t *testing.T) {
	h := newHall(t, func(a *slacksim.App) { a.SocketMode, a.AppToken = true, "xapp-1" })
	h.install(t, h.acme, h.alice)
	h.install(t, h.zeta, h.zoe)
	client := socketmode.New(slack.New("xoxb-none", slack.OptionAppLevelToken("xapp-1"), slack.OptionAPIURL(h.sim.World.BaseURL()+"/api/")))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- client.RunContext(ctx) }()
	defer func() { cancel(); <-done }()
	heard := map[string]string{}
	for e := range client.Events {
		if e.Type == socketmode.EventTypeHello {
			for ws, u := range map[*slacksim.Workspace]*slacksim.User{h.acme: h.alice, h.zeta: h.zoe} {
				ch := ws.AddChannel("help", "public", u)
				ch.Invite(u, h.app.In(ws).Bot)
				ch.Post(u, "hello from "+u.Name)
			}
		}
		if e.Request != nil && e.Request.Type == "events_api" {
			if err := client.AckCtx(t.Context(), e.Request.EnvelopeID, nil); err != nil {
				t.Fatal(err)
			}
		}
		if api, ok := e.Data.(slackevents.EventsAPIEvent); ok {
			if m, ok := api.InnerEvent.Data.(*slackevents.MessageEvent); ok && strings.HasPrefix(m.Text, "hello") {
				heard[m.Text] = api.TeamID
			}
		}
		if len(heard) == 2 {
			break
		}
	}
	if diff := cmp.Diff(map[string]string{"hello from alice": h.acme.ID, "hello from zoe": h.zeta.ID}, heard); diff != "" {
		t.Error(diff)
	}
}

// TestInstallationsSurviveARestart leaves a code, a rotated token and an
// organisation's app where they are kept.
func TestInstallationsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	stand := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	open := func() *slacksim.Server {
		sim, err := slacksim.New(slacksim.Options{Dir: dir, Clock: stand})
		if err != nil {
			t.Fatal(err)
		}
		return sim
	}
	code := func(back string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return codeIn(t, back, "")
	}
	sim := open()
	app := sim.Register(slacksim.App{ID: "A0SUPPORT", Name: "Support Chat", RedirectURLs: []string{callback}, OrgReady: true, Rotation: true})
	org, acme := sim.Organisation("globex"), sim.Workspace("acme")
	hq := org.Workspace("hq")
	hal, alice := hq.AddUser("hal", "Hal", slacksim.Admin), acme.AddUser("alice", "Alice")
	k := oauth.Client{ID: app.ClientID, Secret: app.ClientSecret}
	whole, err := oauth.Redeem(sim.World, k, code(org.Allow(hal, app.Direct())), "")
	if err != nil {
		t.Fatal(err)
	}
	bot := org.Admit(app, hq).Bot
	kept := code(acme.Allow(alice, app.Direct()))
	if err := sim.Close(); err != nil {
		t.Fatal(err)
	}
	sim = open()
	if in, err := sim.World.Apps.ByToken(whole.Token, stand.Now()); err != nil || in.Enterprise != org.ID || in.Workspace != "" {
		t.Errorf("the token of the organisation: %+v, %v", in, err)
	}
	if u, _ := sim.World.User(bot.ID); !u.In(hq.ID) {
		t.Errorf("the bot: %+v", u)
	}
	if _, err := oauth.Refresh(sim.World, k, whole.Refresh); err != nil {
		t.Error(err)
	}
	if _, err := oauth.Redeem(sim.World, k, kept, ""); err != nil {
		t.Error(err)
	}
	if err := sim.Close(); err != nil {
		t.Fatal(err)
	}
}
