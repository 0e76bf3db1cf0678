package install

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
)

// Somebody comes from Slack's own pages in a real browser, starts again where they
// are told to, and installs the app without one of its scopes.
func TestTheAppIsInstalledInABrowser(t *testing.T) {
	var n *node
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.pages.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	o := openOffice(t, func(a *slacksim.App) { a.RedirectURLs = []string{srv.URL + manifest.PathInstalled} })
	o.public = srv.URL
	n = o.node()
	tab := browsertest.Open(t).Tab("install")
	consent := func(without string) {
		tab.Sees("h1", "Support")
		tab.Click("[data-person=alice]")
		tab.Sees("legend", "Where?")
		if without != "" {
			tab.Click("[value='" + without + "']")
		}
		tab.Click("[value=allow]")
	}
	tab.Visit(o.app.Direct())
	consent("")
	tab.Sees("h1", "Start here")
	tab.Shot("installstart", browsertest.Light, browsertest.Dark)
	tab.Click("a.button")
	consent("reactions:read")
	tab.Sees("h1", "The app is installed in acme")
	tab.Sees("li", "/invite")
	tab.Sees("li", "reactions:read")
	tab.Shot("installed", browsertest.Light, browsertest.Dark)
	tab.Reload()
	tab.Sees("h1", "This installation has come back already")
	o.look(n)
	if app := n.in(o.acme); app.Token == "" || app.Token != o.app.In(o.acme).Token {
		t.Errorf("got %v", app)
	}
}
