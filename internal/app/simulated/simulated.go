package simulated

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/admin"
	"caseline/internal/slacksim/client"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/webapi"
	"caseline/internal/slacksim/world"
)

// Options are how the simulated Slack is run.
type Options struct {
	Listen   string       // an address of this machine's loopback
	Dir      string       // where everything is kept; empty is memory only
	Manifest string       // the file that describes the app; empty is one that may do everything
	Manual   bool         // the clock stands still until it is moved
	Log      *slog.Logger // default: none
	Out      io.Writer    // where addresses and tokens are printed; default: nowhere
}

// A stand is the simulated Slack, ready to run.
type stand struct {
	sim    *slacksim.Server
	pages  *client.Server
	ws     *slacksim.Workspace
	app    slacksim.App // as it was installed, with its secrets
	url    string
	server *http.Server
	ln     net.Listener
	file   *os.File // the journal; nil without a folder
}

// Run serves until ctx ends.
func Run(ctx context.Context, o Options) error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	app := defaultApp()
	if o.Manifest != "" {
		var err error
		if app, err = readManifest(o.Manifest); err != nil {
			return fmt.Errorf("read the app's manifest: %w", err)
		}
	}
	st, err := setUp(ctx, o, app)
	if err != nil {
		return err
	}
	st.announce(o)
	return st.run(ctx)
}

// loopback refuses to listen where others reach it: whoever does is everybody in
// this Slack.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "The simulated Slack listens on loopback only, such as 127.0.0.1:8079: it asks nobody who they are."}
	}
	return nil
}

func setUp(ctx context.Context, o Options, app slacksim.App) (_ *stand, err error) {
	if err := loopback(o.Listen); err != nil {
		return nil, err
	}
	st := &stand{}
	if st.ln, err = new(net.ListenConfig).Listen(ctx, "tcp", o.Listen); err != nil {
		return nil, err
	}
	st.url = "http://" + st.ln.Addr().String()
	so := slacksim.Options{
		Dir: o.Dir, BaseURL: st.url, Logger: o.Log, Unfurl: true, Tiers: true, PostsPerChannel: 4,
		Late: 2 * time.Hour, AutoDisable: true, Hourly: 30_000,
		Fail: func(err error) { o.Log.Error("setting up", "err", err) },
	}
	if o.Manual {
		so.Clock = clock.NewManual(time.Now())
	}
	if err := st.keepJournal(&so); err != nil {
		return nil, errors.Join(err, st.ln.Close())
	}
	if st.sim, err = slacksim.New(so); err != nil {
		return nil, errors.Join(fmt.Errorf("open the simulated Slack: %w", err), st.ln.Close(), st.closeJournal())
	}
	st.populate(app)
	if st.pages, err = client.New(st.sim.People, client.Options{Server: st.sim, Logger: o.Log}); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the pages: %w", err), st.ln.Close(), st.sim.Close(), st.closeJournal())
	}
	st.sim.Mount("/client/", st.pages.Handler())
	st.sim.Mount("/archives/", st.pages.Handler())
	st.sim.Mount("/_sim/", admin.New(st.sim).Handler())
	st.sim.Mount("GET /{$}", http.RedirectHandler("/client/", http.StatusFound))
	st.server = &http.Server{Handler: st.sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
	st.server.RegisterOnShutdown(st.pages.Stop)
	return st, nil
}

// keepJournal has calls and attempts written to a file in the folder.
func (st *stand) keepJournal(o *slacksim.Options) (err error) {
	if o.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	st.file, err = os.OpenFile(filepath.Join(o.Dir, "journal.jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	o.Calls, o.Attempts = slacksim.JSONL[webapi.Call](st.file), slacksim.JSONL[dispatch.Attempt](st.file)
	return nil
}

func (st *stand) closeJournal() error {
	if st.file == nil {
		return nil
	}
	return st.file.Close()
}

// populate makes a workspace with people and the app, or finds them as they were
// left: then the app keeps its id and its secrets, whatever it is called now.
func (st *stand) populate(app slacksim.App) {
	st.ws = st.sim.Workspace("acme")
	alice := st.ws.AddUser("alice", "Alice Martin", slacksim.Admin, slacksim.Email("alice@example.com"))
	bob := st.ws.AddUser("bob", "Bob Okafor", slacksim.Email("bob@example.com"))
	general := st.ws.AddChannel("general", world.Public, alice, bob)
	app.AppToken, app.SigningSecret, app.BotToken = "", strings.ToLower(secret(32)), "xoxb-"+secret(24)
	app.ClientSecret = strings.ToLower(secret(32))
	for _, have := range st.sim.World.Apps.All() { // one at most
		in, _ := st.sim.World.Apps.Installed(have.ID, st.ws.ID)
		app.ID, app.SigningSecret, app.BotToken = have.ID, have.SigningSecret, cmp.Or(in.Token, app.BotToken)
		app.ClientSecret = have.ClientSecret
		for _, t := range have.AppTokens {
			app.AppToken = t.Token
		}
	}
	installed := st.ws.Install(app)
	app.ID = installed.ID
	if app.AppToken == "" { // it names its app
		app.AppToken = "xapp-1-" + app.ID + "-1-" + secret(24)
		st.ws.Install(app)
	}
	st.app = app
	row, _ := st.sim.World.Apps.App(app.ID)
	st.app.ClientID = row.ClientID
	if !general.Now().Has(installed.Bot.ID) {
		general.Invite(alice, installed.Bot)
	}
}

func secret(n int) string { return (rand.Text() + rand.Text())[:n] }

func (st *stand) announce(o Options) {
	w := o.Out
	fmt.Fprintf(w, "A simulated Slack, on this computer only.\n\n")
	fmt.Fprintf(w, "  Slack's pages     %s/client/   as Alice or Bob\n", st.url)
	fmt.Fprintf(w, "  Web API           %s/api/\n", st.url)
	fmt.Fprintf(w, "  Admin API         %s/_sim/\n\n", st.url)
	fmt.Fprintf(w, "  App               %s  %s\n", st.app.ID, st.app.Name)
	fmt.Fprintf(w, "  Bot token         %s\n", st.app.BotToken)
	fmt.Fprintf(w, "  App-level token   %s\n", st.app.AppToken)
	fmt.Fprintf(w, "  Signing secret    %s\n", st.app.SigningSecret)
	fmt.Fprintf(w, "  Client id         %s\n", st.app.ClientID)
	fmt.Fprintf(w, "  Client secret     %s\n", st.app.ClientSecret)
	fmt.Fprintf(w, "  Authorize at      %s/oauth/v2/authorize   or without the app's doing %s/apps/%s\n", st.url, st.url, st.app.ID)
	fmt.Fprintf(w, "  Sends back to     %s\n", cmp.Or(strings.Join(st.app.RedirectURLs, ", "), "nowhere, the manifest names no redirect URL"))
	if st.app.SocketMode {
		fmt.Fprintf(w, "  Socket Mode       on: nothing goes to the app's addresses\n")
	} else {
		fmt.Fprintf(w, "  Socket Mode       off: events go to %s\n", cmp.Or(st.app.EventsURL, "nowhere, the manifest names no address"))
	}
	if odd := unknown(st.app); len(odd) > 0 {
		fmt.Fprintf(w, "  Never sent        %s\n", strings.Join(odd, ", "))
	}
	if o.Manual {
		fmt.Fprintf(w, "  Clock             stands still until POST %s/_sim/clock moves it\n", st.url)
	}
	fmt.Fprintf(w, "  Data              %s\n\nCtrl-C stops it.\n", cmp.Or(o.Dir, "in memory only"))
}

var errPatience = errors.New("the simulated Slack did not stop in time")

// run serves until ctx ends.
func (st *stand) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return st.sim.Run(ctx) })
	g.Go(func() error {
		if err := st.server.Serve(st.ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		patience, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), 5*time.Second, errPatience)
		defer cancel()
		if st.server.Shutdown(patience) != nil {
			return st.server.Close()
		}
		return nil
	})
	return errors.Join(g.Wait(), st.sim.Close(), st.closeJournal())
}
