package install

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/seal"
	"caseline/internal/slack/api"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

const (
	oldKey    = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	newKey    = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
	publicURL = "https://support.example.com"
)

// An office is a simulated Slack of two workspaces, our app in neither, and a
// database.
type office struct {
	*testing.T
	sim        *slacksim.Server
	clock      *clock.Manual
	app        *slacksim.Registered
	acme, zeta *slacksim.Workspace
	alice, zoe *slacksim.User
	store      store.Store
	log        *ledger
	public     string // where people reach us
}

// A ledger is a log that is read while it is written.
type ledger struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *ledger) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func openOffice(t *testing.T, alter func(*slacksim.App)) *office {
	t.Helper()
	o := &office{T: t, clock: clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)), log: &ledger{}, public: publicURL}
	o.sim = simtest.Start(t, slacksim.Options{Clock: o.clock})
	o.acme, o.zeta = o.sim.Workspace("acme"), o.sim.Workspace("zeta")
	o.alice = o.acme.AddUser("alice", "Alice Martin", slacksim.Admin)
	o.zoe = o.zeta.AddUser("zoe", "Zoe Lind", slacksim.Admin)
	a := slacksim.App{ID: "A0SUPPORT", Name: "Support", BotName: "Support", Scopes: wanted(), RedirectURLs: []string{publicURL + manifest.PathInstalled}}
	for _, s := range manifest.Scopes() {
		if s.Optional {
			a.Optional = append(a.Optional, s.Name)
		}
	}
	if alter != nil {
		alter(&a)
	}
	o.app = o.sim.Register(a)
	o.store = storetest.OpenAt(t, "sqlite::memory:", o.clock.Now)
	return o
}

func rotates(a *slacksim.App) { a.Rotation = true }

// A node is one server's keeper, and what it was told.
type node struct {
	*Keeper
	pages http.Handler
	told  chan struct{} // has one item when it was told of an app

	mu      sync.Mutex // guards the rest
	apps    map[string]App
	removed map[string]string
}

func (o *office) node(keys ...string) *node {
	o.Helper()
	if len(keys) == 0 {
		keys = []string{oldKey}
	}
	return o.nodeAt(o.sim.World.BaseURL()+"/api/", keys...)
}

// nodeAt is node with another Slack.
func (o *office) nodeAt(slack string, keys ...string) *node {
	o.Helper()
	ring, err := seal.Parse(strings.Join(keys, "\n"))
	if err != nil {
		o.Fatal(err)
	}
	oauth, err := api.NewOAuth(o.app.ClientID, o.app.ClientSecret, api.Options{BaseURL: slack, Now: o.clock.Now})
	if err != nil {
		o.Fatal(err)
	}
	n := &node{told: make(chan struct{}, 1), apps: map[string]App{}, removed: map[string]string{}}
	n.Keeper = New(o.store, oauth, ring, Options{
		Log: slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: o.clock.Now, PublicURL: o.public, Secure: strings.HasPrefix(o.public, "https:"),
		Put: func(a App) {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.apps[string(a.Workspace)] = a
			delete(n.removed, string(a.Workspace))
			select {
			case n.told <- struct{}{}:
			default: // nobody has looked yet
			}
		},
		Remove: func(w desk.WorkspaceID, reason string) {
			n.mu.Lock()
			defer n.mu.Unlock()
			delete(n.apps, string(w))
			n.removed[string(w)] = reason
		},
	})
	n.pages = n.Pages()
	return n
}

// in is the app that a node was told of in a workspace.
func (n *node) in(ws *slacksim.Workspace) App {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.apps[ws.ID]
}

func (n *node) gone(ws *slacksim.Workspace) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.removed[ws.ID]
}

// look has a node do what is due.
func (o *office) look(nodes ...*node) {
	o.Helper()
	for _, n := range nodes {
		if err := n.turn(o.Context()); err != nil {
			o.Error(err)
		}
	}
}

// lets reports whether Slack lets a token in, and what it says else.
func (o *office) lets(n *node, token string) string {
	o.Helper()
	c, err := n.oauth.Client(token, "")
	if err != nil {
		o.Fatal(err)
	}
	_, err = c.AuthTest(o.Context())
	if code := api.Code(err); code != "" || err == nil {
		return code
	}
	return err.Error()
}

// A browser keeps cookies.
type browser struct {
	n       *node
	cookies []*http.Cookie
}

func (b *browser) get(ctx context.Context, address string) *httptest.ResponseRecorder {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequestWithContext(ctx, "GET", u.RequestURI(), nil)
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.n.pages.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookies = append(slices.DeleteFunc(b.cookies, func(old *http.Cookie) bool { return old.Name == c.Name }), c)
	}
	return w
}

// begin follows the button, and returns where Slack asks for consent.
func (o *office) begin(b *browser) string {
	o.Helper()
	w := b.get(o.Context(), manifest.PathInstall)
	if w.Code != http.StatusFound {
		o.Fatalf("the beginning answers %d: %s", w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// consent has somebody let the app in, and returns where Slack sends them.
func (o *office) consent(ws *slacksim.Workspace, who *slacksim.User, asked string, without ...string) string {
	o.Helper()
	back, err := ws.Allow(who, asked, without...)
	if err != nil {
		o.Fatal(err)
	}
	return back
}

// install has somebody install the app, and returns the page that they see.
func (o *office) install(n *node, ws *slacksim.Workspace, who *slacksim.User, without ...string) *httptest.ResponseRecorder {
	o.Helper()
	b := &browser{n: n}
	return b.get(o.Context(), o.consent(ws, who, o.begin(b), without...))
}

// installed is install that must come about.
func (o *office) installed(n *node, ws *slacksim.Workspace, who *slacksim.User) {
	o.Helper()
	if w := o.install(n, ws, who); w.Code != http.StatusOK {
		o.Fatalf("got %d: %s", w.Code, w.Body)
	}
	o.look(n)
}

// says checks that a page has words.
func says(t testing.TB, w *httptest.ResponseRecorder, code int, words ...string) {
	t.Helper()
	if w.Code != code {
		t.Errorf("got %d, want %d", w.Code, code)
	}
	for _, word := range words {
		if !strings.Contains(w.Body.String(), word) {
			t.Errorf("the page does not say %q: %s", word, w.Body)
		}
	}
}

// post posts to a page.
func post(n *node, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	n.pages.ServeHTTP(w, httptest.NewRequest("POST", path, nil))
	return w
}
