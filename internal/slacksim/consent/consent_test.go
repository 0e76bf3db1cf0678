package consent_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/client/pagetest"
	"caseline/internal/slacksim/simtest"
)

// A door is a simulated Slack with an app at its door, and a browser.
type door struct {
	sim     *slacksim.Server
	acme    *slacksim.Workspace
	alice   *slacksim.User
	app     *slacksim.Registered
	browser *http.Client
	backs   []string // where the browser was sent back to
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{sim: simtest.Start(t, slacksim.Options{})}
	d.acme = d.sim.Workspace("acme")
	d.alice = d.acme.AddUser("alice", "Alice Martin", slacksim.Admin)
	d.acme.AddUser("gus", "Gus Guest", slacksim.Guest)
	d.sim.Workspace("zeta").AddUser("zoe", "Zoe Lind")
	d.app = d.sim.Register(slacksim.App{
		ID: "A0SUPPORT", Name: "Support Chat", RedirectURLs: []string{"https://support.example.com/back"},
		Scopes: []string{"chat:write", "channels:history", "reactions:read"}, Optional: []string{"reactions:read"},
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	d.browser = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "support.example.com" {
			d.backs = append(d.backs, r.URL.String())
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return d
}

func (d *door) asks(kv ...string) string {
	q := url.Values{"client_id": {d.app.ClientID}, "scope": {"chat:write,channels:history,reactions:read"}, "state": {"s&1"}}
	for i := 0; i < len(kv); i += 2 {
		q.Set(kv[i], kv[i+1])
	}
	return d.sim.World.BaseURL() + "/oauth/v2/authorize?" + q.Encode()
}

func (d *door) read(t *testing.T, resp *http.Response, err error) (int, *pagetest.Node) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	page, err := pagetest.Parse(string(raw))
	if err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return resp.StatusCode, page
}

func (d *door) get(t *testing.T, address string) (int, *pagetest.Node) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := d.browser.Do(req)
	return d.read(t, resp, err)
}

func (d *door) post(t *testing.T, address string, form url.Values) (int, *pagetest.Node) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := d.browser.Do(req)
	return d.read(t, resp, err)
}

func TestWhatCannotBeAskedIsAPage(t *testing.T) {
	d := newDoor(t)
	for name, tt := range map[string]struct{ address, want string }{
		"no such app":         {d.asks("client_id", "1.2"), "Invalid client_id"},
		"another's address":   {d.asks("redirect_uri", "https://evil.example.com/back"), "did not match"},
		"a longer host":       {d.asks("redirect_uri", "https://support.example.com.evil.com/back"), "did not match"},
		"a longer name":       {d.asks("redirect_uri", "https://support.example.com/backdoor"), "did not match"},
		"a scope that is not": {d.asks("scope", "chat:write,chat:shout"), "chat:shout"},
		"no scope":            {d.asks("scope", ""), "No scopes"},
		"a person's token":    {d.asks("user_scope", "chat:write"), "no user_scope"},
	} {
		status, page := d.get(t, tt.address)
		if got := page.One("[data-problem]").Text(); status != http.StatusBadRequest || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %d %q, want %q", name, status, got, tt.want)
		}
	}
	if len(d.backs) > 0 {
		t.Errorf("somebody was sent to %v", d.backs)
	}
}

// TestAPersonChoosesWhoTheyAreAndWhatTheyGrant goes the way of the form, without
// a script, as the page has none.
func TestAPersonChoosesWhoTheyAreAndWhatTheyGrant(t *testing.T) {
	d := newDoor(t)
	_, page := d.get(t, d.asks())
	if got := page.One("section [data-person=alice] strong").Text(); got != "Alice Martin" {
		t.Fatalf("nobody to choose: %q", page.Text())
	}
	if status, only := d.get(t, d.asks("team", d.acme.ID)); status != 200 || len(only.All("section")) != 1 || len(page.All("section")) != 2 {
		t.Error("not the people of the workspace that the app would like")
	}
	_, page = d.get(t, d.sim.World.BaseURL()+"/oauth/v2/authorize"+page.One("[data-person=alice]").Attrs["href"])
	if got := page.Texts(".consent-scopes code"); len(got) != 2 || got[0] != "chat:write" {
		t.Errorf("asked for: %v", got)
	}
	form := page.One("form")
	address := d.sim.World.BaseURL() + "/oauth/v2/authorize" + form.Attrs["action"]
	given := url.Values{"as": {form.One("[name=as]").Attrs["value"]}, "place": {form.One("[name=place]").Attrs["value"]}}
	if got := form.One("[name=scope]").Attrs["value"]; got != "reactions:read" {
		t.Errorf("to leave out: %q", got)
	}
	given.Set("do", "cancel")
	d.post(t, address, given)
	given.Set("do", "allow")
	d.post(t, address, given)
	if len(d.backs) != 2 || d.backs[0] != "https://support.example.com/back?error=access_denied&state=s%261" {
		t.Fatalf("sent back to %v", d.backs)
	}
	back, err := url.Parse(d.backs[1])
	if err != nil || back.Query().Get("state") != "s&1" {
		t.Fatalf("sent back to %v", d.backs)
	}
	code, ok := d.sim.World.Apps.Code(back.Query().Get("code"))
	if !ok || code.User != d.alice.ID || code.Place != d.acme.ID || strings.Join(code.Scopes, " ") != "chat:write channels:history" {
		t.Errorf("granted %+v", code)
	}
	status, page := d.post(t, address, url.Values{"as": given["as"], "place": {"T0NOBODY"}, "do": {"allow"}})
	if status != http.StatusForbidden || len(d.backs) != 2 {
		t.Errorf("elsewhere: %d %s", status, page.Text())
	}
}

func TestAGuestInstallsNothing(t *testing.T) {
	d := newDoor(t)
	_, page := d.get(t, d.asks("as", d.acme.User("gus").ID))
	if len(page.All("form")) > 0 || !strings.Contains(page.Text(), "cannot install apps here") {
		t.Errorf("got %s", page.Text())
	}
}

// TestABrowserIsSentBackToTheApp also leaves pictures where they are asked for.
func TestABrowserIsSentBackToTheApp(t *testing.T) {
	d := newDoor(t)
	server := simtest.NewApp(t)
	d.app = d.sim.Register(slacksim.App{
		ID: "A0SUPPORT", Name: "Support Chat", RedirectURLs: []string{server.URL + "/back"},
		Scopes: strings.Fields("chat:write chat:write.customize channels:history channels:read groups:history groups:write commands files:read users:read reactions:read users:read.email"), Optional: []string{"reactions:read", "users:read.email"},
	})
	tab := browsertest.Open(t).Tab("consent")
	tab.Visit(d.asks("client_id", "1.2"))
	tab.Sees("[data-problem]", "Invalid client_id")
	tab.Shot("consentrefused", browsertest.Light, browsertest.Dark)
	tab.Visit(d.app.Direct())
	tab.Sees("h1", "Support Chat")
	tab.Shot("consentchoose", browsertest.Light, browsertest.Dark)
	tab.Click("[data-person=alice]")
	tab.Sees("legend", "Where?")
	tab.Shot("consent", browsertest.Light, browsertest.Dark)
	tab.Click("[value='reactions:read']")
	tab.Click("[value=allow]")
	server.Wait(t, func() bool { return len(server.Requests("/back")) > 0 })
}
