package tenants_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"caseline/internal/app/tenants"
	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/install"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

// A street is a simulated Slack of two workspaces in which an app is installed,
// and tenants of none.
type street struct {
	*testing.T
	sim        *slacksim.Server
	acme, bolt *slacksim.Workspace
	bots       map[*slacksim.Workspace]*slacksim.Installed
	store      *sqlstore.Store
	set        *tenants.Set

	mu    sync.Mutex // guards what follows
	gates []string   // what was done to which workspace's deliveries
	apps  map[string]install.App
	err   error // of the keeper
	gone  []string
}

func newStreet(t *testing.T) *street { return newStreetBy(t, nil, 20*time.Millisecond) }

// newStreetBy is as newStreet, with another way to Slack, which is asked so often
// whether it lets us in.
func newStreetBy(t *testing.T, way http.RoundTripper, every time.Duration) *street {
	s := &street{T: t, sim: simtest.Start(t, slacksim.Options{}), bots: map[*slacksim.Workspace]*slacksim.Installed{}, apps: map[string]install.App{}}
	var err error
	s.store, err = sqlstore.Open(t.Context(), sqlstore.Options{URL: storetest.SQLiteURL(t), Now: time.Now})
	s.must(err)
	t.Cleanup(func() { s.must(s.store.Close()) })
	s.acme, s.bolt = s.sim.Workspace("acme"), s.sim.Workspace("bolt")
	for _, ws := range []*slacksim.Workspace{s.acme, s.bolt} {
		s.bots[ws] = ws.Install(slacksim.App{ID: "A0CASELINE", BotName: "caseline", BotToken: "xoxb-" + ws.ID, SigningSecret: "shh"})
	}
	files, err := blob.Open(t.TempDir())
	s.must(err)
	book, err := catalogue.Open("")
	s.must(err)
	cfg := config.Default()
	cfg.Slack.APIURL, cfg.Slack.Timeout, cfg.Slack.Pace = s.sim.World.BaseURL()+"/api/", 2*time.Second, config.PaceOff
	s.set = tenants.New(tenants.Parts{
		Config: cfg, Store: s.store, Cases: casework.New(s.store, casework.Options{Channel: ident.Channel}), Files: files, Book: book, Installed: ident.NewInstalled(),
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: time.Now, AskSlack: every, Slack: way, Gate: s, Missed: func() {}, Named: func() {},
		Picture: func(context.Context, desk.AgentID) string { return "" }, Level: desk.Severity.Level,
	})
	s.set.Keep(s)
	return s
}

func (s *street) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// app is the installation of a workspace, in a version of it.
func (s *street) app(ws *slacksim.Workspace, version int64) install.App {
	return install.App{Workspace: desk.WorkspaceID(ws.ID), Token: s.bots[ws].Token, Version: version}
}

func (s *street) note(words ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gates = append(s.gates, strings.Join(words, " "))
}

func (s *street) Shut(w string, _ time.Time, reason string) { s.note("shut", w, reason) }
func (s *street) Heal(w string)                             { s.note("heal", w) }

func (s *street) Resolve(_ context.Context, team, _ string) (install.App, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app, ok := s.apps[team]
	return app, ok, s.err
}

func (s *street) Gone(_ context.Context, team, _, reason string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = append(s.gone, team+" "+reason)
	return nil
}
func (s *street) Doubt(desk.WorkspaceID) {}
func (s *street) Relist()                {}

// until waits until something is so.
func (s *street) until(what string, cond func() bool) {
	s.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-late.C:
			s.Fatalf("never came true: %s", what)
		}
	}
}

// runs has the tenants do what they do, until the test ends or stop is called.
func (s *street) runs() (stop func()) {
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan error, 1)
	go func() { done <- s.set.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			s.Error(err)
		}
	})
}

// commands says what answers a command in a workspace.
func (s *street) commands(ws *slacksim.Workspace) string { return s.commandsAt(ws.ID) }

func (s *street) commandsAt(workspace string) string {
	m := s.set.Command(s.Context(), wire.Slash{Command: "/support", Text: "help", TeamID: workspace, ChannelID: "C0X", UserID: "U0X", TriggerID: "1.2"})
	if m == nil {
		return ""
	}
	return m.Text
}

const nowhere = "Support is not set up in this workspace."

func TestATenantComesGoesAndComesBack(t *testing.T) {
	s := newStreet(t)
	stop := s.runs()
	defer stop()
	ctx := t.Context()
	delivery := desk.Delivery{Kind: desk.DeliverNotice, Place: ident.Channel(desk.WorkspaceID(s.acme.ID), "C0NONE"), TriedAt: time.Now()}
	waits := func() {
		t.Helper()
		if v := s.set.Send(ctx, delivery); v.Kind != desk.Retry || !v.Shut || v.Reason != "not_installed" || !v.At.After(time.Now()) {
			t.Errorf("what is to be sent there comes to %+v, want that it waits", v)
		}
		if v := s.set.Look(ctx, delivery); v.Kind != desk.Unknown || !v.Shut {
			t.Errorf("what may have arrived there comes to %+v, want that it waits", v)
		}
		if got := s.commands(s.acme); got != nowhere {
			t.Errorf("a command is answered by %q", got)
		}
	}
	waits()
	s.set.Put(s.app(s.acme, 1))
	s.until("it is served", func() bool { return s.commands(s.acme) != nowhere })
	if v := s.set.Send(ctx, delivery); v.Shut {
		t.Errorf("what is to be sent there comes to %+v", v)
	}
	if got := s.commands(s.bolt); got != nowhere {
		t.Errorf("in another workspace a command is answered by %q", got)
	}
	s.set.Remove(desk.WorkspaceID(s.acme.ID), "account_inactive")
	waits()
	s.until("it is written down", func() bool {
		w, err := s.store.Workspace(ctx, desk.WorkspaceID(s.acme.ID))
		s.must(err)
		return w.State == served.WorkspaceDisconnected && w.Reason == "account_inactive"
	})
	s.set.Put(s.app(s.acme, 2))
	s.until("it is served again", func() bool { return s.commands(s.acme) != nowhere })
	w, err := s.store.Workspace(ctx, desk.WorkspaceID(s.acme.ID))
	if err != nil || w.State != served.WorkspaceConnected {
		t.Errorf("got %+v, %v, want it connected", w, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.gates, "heal "+s.acme.ID) || slices.ContainsFunc(s.gates, func(g string) bool { return strings.Contains(g, s.bolt.ID) }) {
		t.Errorf("of deliveries there was %q, want that those of %s go and nothing of %s", s.gates, s.acme.ID, s.bolt.ID)
	}
}

// TestASoughtTenantIsThereAtOnce, for somebody waits; many who seek it have Slack
// asked once.
func TestASoughtTenantIsThereAtOnce(t *testing.T) {
	s := newStreet(t)
	w := desk.WorkspaceID(s.acme.ID)
	s.must(s.set.Seek(t.Context(), w, ""))
	if got := s.commands(s.acme); got != nowhere {
		t.Errorf("nobody installed it, and a command is answered by %q", got)
	}
	s.err = errors.New("the database is down")
	if err := s.set.Seek(t.Context(), w, ""); err == nil {
		t.Error("that it cannot be looked up is no error")
	}
	s.err, s.apps[s.acme.ID] = nil, s.app(s.acme, 1)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := s.set.Seek(t.Context(), w, ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := s.commands(s.acme); got == nowhere {
		t.Error("it is not served")
	}
	if n := len(s.sim.Calls("auth.test")); n != 1 {
		t.Errorf("Slack was asked %d times who we are there, want once", n)
	}
}

// TestAnotherTokenChangesNothingElse: a token that is renewed is used by the tenant
// there is.
func TestAnotherTokenChangesNothingElse(t *testing.T) {
	s := newStreet(t)
	stop := s.runs()
	defer stop()
	s.set.Put(s.app(s.acme, 1))
	s.until("it is served", func() bool { return s.commands(s.acme) != nowhere })
	user := s.acme.AddUser("alice", "Alice")
	ops := s.acme.AddChannel("ops", world.Public, user)
	listed := len(s.sim.Calls("emoji.list"))
	s.bots[s.acme] = s.acme.Install(slacksim.App{ID: "A0CASELINE", BotName: "caseline", BotToken: "xoxb-another", SigningSecret: "shh"})
	s.set.Put(s.app(s.acme, 2))
	public, _, err := s.set.Public(t.Context(), desk.WorkspaceID(s.acme.ID))
	if err != nil || !slices.ContainsFunc(public, func(ch api.Channel) bool { return ch.ID == ops.ID }) {
		t.Errorf("with the new token: got %v, %v", public, err)
	}
	before := len(s.sim.Calls("auth.test"))
	s.until("it was asked whose the token is, and more", func() bool { return len(s.sim.Calls("auth.test")) > before+3 })
	for _, c := range s.sim.Calls("auth.test")[before:] {
		if c.Error != "" {
			t.Errorf("auth.test was refused: %s", c.Error)
		}
	}
	if n := len(s.sim.Calls("emoji.list")); n != listed && n > listed+1 {
		t.Errorf("the tenant began anew: emoji were listed %d times more", n-listed)
	}
}

// TestShutOutIsToldToTheKeeperOfThatWorkspaceAlone.
func TestShutOutIsToldToTheKeeperOfThatWorkspaceAlone(t *testing.T) {
	s := newStreet(t)
	stop := s.runs()
	defer stop()
	s.set.Put(s.app(s.acme, 1))
	s.set.Put(s.app(s.bolt, 1))
	s.until("both are served", func() bool { return s.commands(s.acme) != nowhere && s.commands(s.bolt) != nowhere })
	s.acme.Uninstall(s.bots[s.acme])
	s.set.Doubt(desk.WorkspaceID(s.acme.ID))
	s.until("the keeper knows", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Contains(s.gone, s.acme.ID+" account_inactive")
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, what := range slices.Concat(s.gone, s.gates) {
		if strings.Contains(what, s.bolt.ID) && !strings.HasPrefix(what, "heal") {
			t.Errorf("of the other: %s", what)
		}
	}
}

// TestRunEndsAllThatItBegan, however often.
func TestRunEndsAllThatItBegan(t *testing.T) {
	s := newStreet(t)
	s.set.Put(s.app(s.acme, 1))
	s.set.Put(s.app(s.bolt, 1))
	stop := s.runs()
	s.until("both are served", func() bool { return s.commands(s.acme) != nowhere && s.commands(s.bolt) != nowhere })
	stop()
	before := runtime.NumGoroutine()
	const runs = 20
	for range runs {
		s.runs()()
	}
	// A few connections to Slack may idle that did not before.
	s.until("no run leaves a goroutine", func() bool { return runtime.NumGoroutine() < before+runs })
}
