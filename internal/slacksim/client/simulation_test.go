package client

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/client/pagetest"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

// played is a whole simulated Slack with its pages, whose outages can be
// switched.
type played struct {
	sim   *slacksim.Server
	ws    *slacksim.Workspace
	alice *slacksim.User
	ops   *slacksim.Channel
	page  string // alice's, of the channel
}

func playing(t *testing.T) *played {
	t.Helper()
	p := &played{sim: simtest.Start(t, slacksim.Options{})}
	p.ws = p.sim.Workspace("acme")
	p.alice = p.ws.AddUser("alice", "Alice Novak", slacksim.Admin)
	p.ops = p.ws.AddChannel("case-1000000042", world.Private, p.alice, p.ws.AddUser("bob", "Bob Okafor"))
	p.ws.AddChannel("general", world.Public, p.alice)
	in := p.ws.Install(slacksim.App{BotName: "Support", BotToken: "xoxb-1"})
	p.ops.Invite(p.alice, in.Bot)
	pages := ok[*Server](t)(New(p.sim.People, Options{Server: p.sim}))
	srv := httptest.NewServer(pages.Handler())
	t.Cleanup(func() {
		pages.Stop()
		srv.Close()
	})
	p.page = srv.URL + "/client/" + p.ws.ID + "/alice/" + p.ops.ID
	return p
}

// calls has the app call some methods, one of them in vain.
func (p *played) calls(t *testing.T) {
	t.Helper()
	for _, method := range []string{"auth.test", "chat.postMessage?channel=" + p.ops.ID + "&text=Case+opened", "conversations.info?channel=CNONE"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.sim.World.BaseURL()+"/api/"+method, nil)
		must(t, err)
		req.Header.Set("Authorization", "Bearer xoxb-1")
		r := ok[*http.Response](t)(http.DefaultClient.Do(req))
		must(t, r.Body.Close())
	}
}

func TestSimulationInBrowser(t *testing.T) {
	p := playing(t)
	alice := browsertest.Open(t).Tab("alice")
	enter := func(selector string) { alice.Type(selector, browsertest.Enter) } // as with the Tab key
	alice.Visit(p.page)
	enter("[data-testid=simulation]")
	alice.Sees("#side .sim h3", "This channel")
	enter("[data-sim=archive]")
	alice.Sees("[data-testid=archived]", "archived")
	alice.Sees("[data-testid=closed]", "nothing new can be posted")
	alice.Lacks("#main [data-composer]", "")
	enter("[data-sim=unarchive]")
	alice.Sees("#main [data-composer]", "")
	enter("[data-name=down]")
	alice.Until(`document.querySelector('[data-name=down]').ariaChecked === 'true'`)
	alice.Sees("[data-testid=simulation] .badge", "1")
	p.calls(t)
	alice.Sees(".sim-log .bad", "auth.test")
	enter("[data-name=down]")
	alice.Until(`document.querySelector('[data-name=down]').ariaChecked === 'false'`)
	enter("[data-sim=renumber]")
	alice.Until(`!location.pathname.endsWith('` + p.ops.ID + `')`)
	alice.Sees("#side .sim-facts", p.ops.ID)
	now, _ := p.sim.World.ChannelNamed(p.ws.ID, "case-1000000042")
	alice.Sees("[data-testid=channel-id]", now.ID)
	alice.Until(`location.pathname.endsWith('` + now.ID + `')`)
	// Somebody else deletes it while Alice looks at it.
	must(t, p.sim.World.DeleteChannel(p.alice.ID, now.ID))
	alice.Sees("#main .gone-page h2", "This channel is gone")
	alice.Lacks("#sidebar .line", "case-1000000042")
	// News of her list alone leaves her where she is.
	p.ws.AddChannel("case-1000000043", world.Private, p.alice)
	alice.Sees("#sidebar .line", "case-1000000043")
	alice.Sees("#main .gone-page h2", "This channel is gone")
}

// TestSimulationScreenshots leaves pictures of the pane, as TestScreenshots
// does of the other pages.
func TestSimulationScreenshots(t *testing.T) {
	if !browsertest.Shoots() {
		t.Skip("CASELINE_SHOTS names no folder for screenshots")
	}
	p := playing(t)
	p.calls(t)
	must(t, p.sim.SwitchOutage("slow", true))
	tab := browsertest.Open(t).Tab("slack")
	tab.Visit(p.page + "?panel=simulation")
	tab.Shot("outages", browsertest.Light, browsertest.Dark)
}

// TestAppsOfSeveralWorkspacesInThePane has one that asks to be installed here, and
// one that a whole organisation has installed.
func TestAppsOfSeveralWorkspacesInThePane(t *testing.T) {
	p := playing(t)
	asking := p.sim.Register(slacksim.App{ID: "A0ASKS", Name: "Asking", RedirectURLs: []string{"https://app.example/back"}, OrgReady: true})
	p.sim.Register(slacksim.App{ID: "A0HIDDEN", Name: "Hidden"})
	ask := func(method, address string, form url.Values) *pagetest.Node {
		t.Helper()
		req := ok[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode())))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r := ok[*http.Response](t)(http.DefaultClient.Do(req))
		defer r.Body.Close()
		if r.StatusCode/100 != 2 {
			t.Fatalf("%s %v: %s", address, form, r.Status)
		}
		return ok[*pagetest.Node](t)(pagetest.Parse(string(ok[[]byte](t)(io.ReadAll(r.Body)))))
	}
	pane := func() *pagetest.Node { t.Helper(); return ask("GET", p.page+"?panel=simulation", nil) }
	press := func(do string) {
		t.Helper()
		ask("POST", strings.TrimSuffix(p.page, "/"+p.ops.ID)+"/simulation", url.Values{"do": {do}, "app": {"A0ASKS"}})
	}
	if got := pane().One("[data-key=A0ASKS] a").Attrs["href"]; got != "/apps/A0ASKS" {
		t.Errorf("it is installed at %q", got)
	}
	if len(pane().All("[data-key=A0HIDDEN]")) > 0 {
		t.Error("an app that asks nobody is offered")
	}
	org := p.sim.Organisation("globex")
	org.Workspace("acme")
	back := ok[string](t)(org.Allow(p.alice, asking.Direct()))
	code := ok[*url.URL](t)(url.Parse(back)).Query().Get("code")
	ok[oauth.Granted](t)(oauth.Redeem(p.sim.World, oauth.Client{ID: asking.ClientID, Secret: asking.ClientSecret}, code, ""))
	org.Admit(asking, p.ws)
	press("uninstall")
	if _, still := org.Installed(asking); !still || asking.In(p.ws) != nil {
		t.Error("it was not taken out of this workspace alone")
	}
	press("reinstall")
	if in := asking.In(p.ws); in == nil || in.Token != "" {
		t.Errorf("let in again it is %+v", in)
	}
}
