package install

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"caseline/internal/casework/installing"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/store"
)

func TestOneAppIsInstalledInTwoWorkspaces(t *testing.T) {
	o := openOffice(t, nil)
	n := o.node()
	says(t, o.install(n, o.acme, o.alice), http.StatusOK, "The app is installed in acme", "/invite", publicURL)
	says(t, o.install(n, o.zeta, o.zoe, "reactions:read", "emoji:read"), http.StatusOK,
		"The app is installed in zeta", "<code>reactions:read</code>: Agents do not see people&#39;s reactions.", "<code>emoji:read</code>")
	o.look(n)
	for _, ws := range []*slacksim.Workspace{o.acme, o.zeta} {
		app, there := n.in(ws), o.app.In(ws)
		if app.Token != there.Token || app.Team != "" || string(app.Workspace) != ws.ID {
			t.Errorf("got %+v", app)
		}
		w, err := o.store.Workspace(t.Context(), desk.WorkspaceID(ws.ID))
		if err != nil || w.BotID != there.BotID || w.BotUID != there.Bot.ID || w.AppID != "A0SUPPORT" || w.URL == "" || w.State != served.WorkspaceConnected {
			t.Errorf("got %+v, %v", w, err)
		}
	}
	got, err := o.store.Installation(t.Context(), served.InstallationID(o.zeta.ID))
	if err != nil || len(got.Scopes) != len(manifest.Scopes())-2 || got.InstalledBy != o.zoe.ID || !got.InstalledAt.Equal(o.clock.Now()) {
		t.Errorf("got %+v, %v", got, err)
	}
	audit, err := o.store.Audit(t.Context(), desk.AuditFilter{What: desk.DidInstall}, 0, 9)
	if err != nil || len(audit) != 2 || audit[0].Detail["name"] != "zeta" || audit[0].By.ID != o.zeta.ID+"/"+o.zoe.ID && audit[0].By.ID != o.zeta.ID+":"+o.zoe.ID {
		t.Errorf("got %+v, %v", audit, err)
	}
}

// Slack takes no scope away when the app is installed again with fewer.
func TestScopesAreAdded(t *testing.T) {
	o := openOffice(t, nil)
	n := o.node()
	says(t, o.install(n, o.acme, o.alice, "emoji:read"), http.StatusOK, "<code>emoji:read</code>", "Install again")
	says(t, o.install(n, o.acme, o.alice, "reactions:read"), http.StatusOK, "installed in acme", "/invite")
	if i := o.kept(o.acme); len(i.Scopes) != len(manifest.Scopes()) {
		t.Errorf("kept %v", i.Scopes)
	}
	if w := o.install(n, o.acme, o.alice, "reactions:read", "emoji:read"); strings.Contains(w.Body.String(), "<code>") {
		t.Errorf("the page says that a scope is not there: %s", w.Body)
	}
}

func TestTheBeginningLeadsToSlackAndNobodyElseCanComeBack(t *testing.T) {
	o := openOffice(t, nil)
	b := &browser{n: o.node()}
	w := b.get(t.Context(), manifest.PathInstall)
	at, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	q := at.Query()
	if !strings.HasPrefix(at.String(), o.sim.World.BaseURL()+"/oauth/v2/authorize?") || q.Get("client_id") != o.app.ClientID ||
		q.Get("scope") != strings.Join(wanted(), ",") || q.Get("redirect_uri") != publicURL+"/slack/oauth/callback" || len(q.Get("state")) < 26 {
		t.Errorf("got %v", at)
	}
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Name != "__Host-caseline_install" || c.MaxAge != 600 {
		t.Errorf("the cookie is %v", c)
	}
	if h := w.Header(); h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("got %v", h)
	}
	state, err := o.store.InstallState(t.Context(), hash(q.Get("state")))
	if err != nil || state.Browser != hash(c.Value) || !state.Expires.Equal(o.clock.Now().Add(10*time.Minute)) {
		t.Errorf("kept %+v, %v", state, err)
	}
	// What is in the database is no state.
	says(t, b.get(t.Context(), manifest.PathInstalled+"?code=x&state="+state.Hash), http.StatusBadRequest, "That took too long")
}

func TestEachWayBackHasItsWords(t *testing.T) {
	for name, tt := range map[string]struct {
		alter func(*slacksim.App)
		do    func(o *office, b *browser) (back string)
		code  int
		words string
	}{
		"without a state": {do: func(o *office, b *browser) string {
			return o.consent(o.acme, o.alice, o.app.Direct())
		}, code: 400, words: "You come from Slack’s own pages."},
		"with a state that never was": {do: func(o *office, b *browser) string {
			return manifest.PathInstalled + "?code=x&state=guess"
		}, code: 400, words: "it was not begun here"},
		"denied": {do: func(o *office, b *browser) string {
			back, err := o.sim.Deny(o.begin(b))
			if err != nil {
				o.Fatal(err)
			}
			return back
		}, code: 200, words: "The request was cancelled in Slack."},
		"without a code": {do: func(o *office, b *browser) string {
			at, _ := url.Parse(o.begin(b))
			return manifest.PathInstalled + "?state=" + at.Query().Get("state")
		}, code: 400, words: "without a permission"},
		"late": {do: func(o *office, b *browser) string {
			back := o.consent(o.acme, o.alice, o.begin(b))
			o.clock.Advance(installing.StateTTL)
			return back
		}, code: 400, words: "That took too long"},
		"twice": {do: func(o *office, b *browser) string {
			back := o.consent(o.acme, o.alice, o.begin(b))
			b.get(o.Context(), back)
			return back
		}, code: 409, words: "If the app is in Slack, there is nothing more to do."},
		"from another browser": {do: func(o *office, b *browser) string {
			other := &browser{n: b.n}
			back := o.consent(o.acme, o.alice, o.begin(other))
			o.begin(b)
			return back
		}, code: 403, words: "This is another browser"},
		"without a cookie": {do: func(o *office, b *browser) string {
			back := o.consent(o.acme, o.alice, o.begin(b))
			b.cookies = nil
			return back
		}, code: 403, words: "keeps no cookies"},
		"with a code that was used": {do: func(o *office, b *browser) string {
			return instead(o.consent(o.acme, o.alice, o.begin(b)), "code", "guess")
		}, code: 502, words: "is good for ten minutes and once"},
		"while Slack is silent": {do: func(o *office, b *browser) string {
			o.sim.Fail("oauth.v2.access", slacksim.Lost)
			return o.consent(o.acme, o.alice, o.begin(b))
		}, code: 502, words: "Slack did not answer"},
		"and Slack's answer does not come": {do: func(o *office, b *browser) string {
			o.sim.Fail("oauth.v2.access", slacksim.Landed)
			return o.consent(o.acme, o.alice, o.begin(b))
		}, code: 502, words: "does not have its token. Start again."},
		"to a server with another secret": {do: func(o *office, b *browser) string {
			o.sim.Refuse("oauth.v2.access", "bad_client_secret")
			return o.consent(o.acme, o.alice, o.begin(b))
		}, code: 502, words: "slack.client_secret"},
		"into a workspace that moves": {do: func(o *office, b *browser) string {
			o.sim.Refuse("auth.test", "team_added_to_org")
			return o.consent(o.acme, o.alice, o.begin(b))
		}, code: 502, words: "Your workspace is moving"},
		"with what nobody knows": {do: func(o *office, b *browser) string {
			o.sim.Refuse("oauth.v2.access", "<b>odd</b>")
			return o.consent(o.acme, o.alice, o.begin(b))
		}, code: 502, words: "(&lt;b&gt;odd&lt;/b&gt;)"},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, tt.alter)
			b := &browser{n: o.node()}
			w := b.get(t.Context(), tt.do(o, b))
			says(t, w, tt.code, tt.words)
			if name != "denied" && name != "twice" && !strings.Contains(w.Body.String(), `href="/slack/install"`) {
				t.Errorf("there is no button to start again: %s", w.Body)
			}
			for header, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY"} {
				if got := w.Header().Get(header); got != want {
					t.Errorf("%s: got %q, want %q", header, got, want)
				}
			}
			if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'; style-src 'sha256-") || !strings.Contains(policy, "form-action 'none'") {
				t.Errorf("the page allows more than its style: %q", policy)
			}
			if all, err := o.store.Installations(t.Context()); err != nil || len(all) > 0 && name != "twice" {
				t.Errorf("kept %+v, %v", all, err)
			}
		})
	}
}

// instead is an address with another value in its query.
func instead(address, key, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	q := u.Query()
	q.Set(key, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// Another browser does not use up what one has begun, and one browser may begin
// twice.
func TestOneBrowserMayBeginTwice(t *testing.T) {
	o := openOffice(t, nil)
	b := &browser{n: o.node()}
	one, two := o.begin(b), o.begin(b)
	first := o.consent(o.acme, o.alice, one)
	says(t, (&browser{n: b.n}).get(t.Context(), first), http.StatusForbidden)
	says(t, b.get(t.Context(), first), http.StatusOK, "installed in acme")
	says(t, b.get(t.Context(), o.consent(o.zeta, o.zoe, two)), http.StatusOK, "installed in zeta")
}

func TestBeginningsAreBounded(t *testing.T) {
	o := openOffice(t, nil)
	b := &browser{n: o.node()}
	first := o.consent(o.acme, o.alice, o.begin(b))
	for n := 1; ; n++ {
		if w := b.get(t.Context(), manifest.PathInstall); w.Code == http.StatusTooManyRequests {
			says(t, w, http.StatusTooManyRequests, "Try again in a minute.")
			if n != begins().Burst {
				t.Errorf("%d were let through at once, want %d", n, begins().Burst)
			}
			break
		}
	}
	o.clock.Advance(time.Second)
	o.begin(b)
	err := o.store.Update(t.Context(), func(tx store.Tx) error {
		for n := range 2000 {
			begun := served.InstallState{Hash: hash(fmt.Sprint(n)), Browser: "b", Expires: o.clock.Now().Add(installing.StateTTL)}
			if err := tx.SaveInstallState(t.Context(), &begun); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Second)
	o.begin(b)
	// So many have begun since that the first is not known any more.
	says(t, b.get(t.Context(), first), http.StatusBadRequest, "it was not begun here")
	o.clock.Advance(2 * time.Hour)
	o.begin(b)
	if _, err := o.store.InstallState(t.Context(), hash("1999")); err == nil {
		t.Error("what has expired long ago is still there")
	}
}

// The pages are for browsers that look, not for forms of other sites.
func TestThePagesTakeNothingButLooks(t *testing.T) {
	o := openOffice(t, nil)
	n := o.node()
	for _, path := range []string{manifest.PathInstall, manifest.PathInstalled} {
		w := post(n, path)
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: got %d", path, w.Code)
		}
	}
}

// What Slack gives is looked at before it is kept.
func TestWhatIsNotOursIsNotKept(t *testing.T) {
	access := func(with string) string {
		return `{"ok":true,"access_token":"xoxb-1","token_type":"bot","bot_user_id":"U1","app_id":"A1","team":{"id":"T1","name":"Acme"},"authed_user":{"id":"U7"}` + with + `}`
	}
	const who = `{"ok":true,"team_id":"T1","user_id":"U1","bot_id":"B1"`
	for name, tt := range map[string]struct {
		access, who string
		code        int
		words       string
	}{
		"ours":                 {access(""), who + `}`, 200, "installed in Acme"},
		"a person's token":     {access(`,"token_type":"user"`), who + `}`, 502, "not a bot&#39;s token"},
		"a token of no kind":   {access(`,"access_token":"xapp-1"`), who + `}`, 502, "not a bot&#39;s token"},
		"no bot":               {access(`,"bot_user_id":""`), who + `}`, 502, "not a bot&#39;s token"},
		"no app":               {access(`,"app_id":""`), who + `}`, 502, "of another app"},
		"nowhere":              {access(`,"team":null`), who + `}`, 502, "for no workspace and no organisation"},
		"of another workspace": {access(""), who + `,"team_id":"T2"}`, 502, "of another app"},
		"of another bot":       {access(""), who + `,"user_id":"U2"}`, 502, "of another app"},
		"of another app":       {access(""), who + `,"app_id":"A2"}`, 502, "of another app"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "auth.test") {
					io.WriteString(w, tt.who)
					return
				}
				io.WriteString(w, tt.access)
			}))
			defer srv.Close()
			o := openOffice(t, nil)
			b := &browser{n: o.nodeAt(srv.URL+"/api/", oldKey)}
			says(t, b.get(t.Context(), manifest.PathInstalled+"?code=c&state="+stateIn(o.begin(b))), tt.code, tt.words)
			if all, err := o.store.Installations(t.Context()); err != nil || (len(all) > 0) != (tt.code == 200) {
				t.Errorf("kept %+v, %v", all, err)
			}
		})
	}
}

// A leaving store has somebody go after an update.
type leaving struct {
	store.Store
	left func()
}

// Update runs fn.
func (l *leaving) Update(ctx context.Context, fn func(store.Tx) error) error {
	defer l.left()
	return l.Store.Update(ctx, fn)
}

// A code is good once: a browser that goes away meanwhile does not undo it.
func TestABrowserThatLeavesLosesNothing(t *testing.T) {
	o := openOffice(t, rotates)
	whole := &leaving{Store: o.store, left: func() {}}
	o.store = whole
	n := o.node()
	b := &browser{n: n}
	back := o.consent(o.acme, o.alice, o.begin(b))
	ctx, leave := context.WithCancel(t.Context())
	whole.left = leave
	b.get(ctx, back)
	if ctx.Err() == nil {
		t.Fatal("nobody left")
	}
	if o.look(n); o.kept(o.acme).ID == "" || o.lets(n, n.in(o.acme).Token) != "" {
		t.Errorf("kept %v, Slack says %q", o.kept(o.acme).ID, o.lets(n, n.in(o.acme).Token))
	}
}
