package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"caseline/internal/app"
	"caseline/internal/app/simulated"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/client"
	"caseline/internal/slacksim/world"
)

// What the demo's sign-ins are; all of it listens on loopback only.
const (
	Password      = "caseline-demo"
	botToken      = "xoxb-demo-caseline"
	signingSecret = "demo-signing-secret"
)

// A Hand is somebody who answers in the console.
type Hand struct {
	Name, Email string
	Role        desk.Role
}

// Says names the role where it is not the usual one.
func (h Hand) Says() string {
	switch h.Role {
	case desk.RoleLead:
		return ", who runs the team"
	case desk.RoleOperator:
		return ", who also has Setup and the audit log"
	case desk.RoleAuditor:
		return ", who sees everything and changes nothing"
	case desk.RoleAgent:
	}
	return ""
}

func hands() []Hand {
	return []Hand{
		{"Jane", "jane@demo.example", desk.RoleAgent}, {"Omar", "omar@demo.example", desk.RoleAgent},
		{"Lena", "lena@demo.example", desk.RoleLead}, {"Olivia", "olivia@demo.example", desk.RoleOperator}, {"Arno", "arno@demo.example", desk.RoleAuditor},
	}
}

// A stage is the simulated Slack and the server, ready to run.
type stage struct {
	sim     *slacksim.Server
	ws      *slacksim.Workspace
	people  []*slacksim.User // Alice, Bob, Chloé
	channel *slacksim.Channel
	app     *app.App

	slackURL, consoleURL string
	slackLn              net.Listener
	slackServer          *http.Server
	pages                *client.Server
}

// setting is where a stage is put up.
type setting struct {
	dir                string
	slackLn, consoleLn net.Listener
	frames             []string // origins that may show both sides in frames
	pages              bool     // people use Slack by hand
	log                *slog.Logger
	postsPerChannel    int           // of the simulated Slack's limits; 0 = off
	compareAfter       time.Duration // from a chat's end; 0 = as configured by default
}

func setUp(ctx context.Context, in setting) (_ *stage, err error) {
	dir := filepath.Join(in.dir, "slack")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the demo's folder: %w", err)
	}
	ring, err := keys(in.dir)
	if err != nil {
		return nil, err
	}
	st := &stage{
		slackLn: in.slackLn, slackURL: "http://" + in.slackLn.Addr().String(),
		consoleURL: "http://" + in.consoleLn.Addr().String(),
	}
	st.sim, err = slacksim.New(slacksim.Options{
		Dir: dir, BaseURL: st.slackURL, Logger: in.log, Unfurl: true, PostsPerChannel: in.postsPerChannel,
		RetryDelays: []time.Duration{time.Second, 5 * time.Second, 20 * time.Second},
	})
	if err != nil {
		return nil, fmt.Errorf("open the simulated Slack: %w", err)
	}
	st.populate()
	if in.pages {
		if err := st.mountPages(in.frames); err != nil {
			return nil, err
		}
	}
	// The app greets Slack when it is made, so Slack must answer by then.
	st.slackServer = &http.Server{Handler: st.sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
	serving := make(chan error, 1)
	go func() { serving <- st.slackServer.Serve(st.slackLn) }() // ends in run, or below
	st.app, err = app.New(ctx, st.config(in), app.Options{
		Log: in.log, Listener: in.consoleLn, Frames: in.frames, SignIns: signIns(), Keys: ring,
	})
	if err != nil {
		st.slackServer.Close()
		<-serving
		return nil, errors.Join(err, st.sim.Close())
	}
	if err := plant(ctx, st.app); err != nil {
		st.slackServer.Close()
		<-serving
		return nil, errors.Join(err, st.app.Store.Close(), st.sim.Close())
	}
	return st, nil
}

func signIns() []string {
	var lines []string
	for _, h := range hands() {
		line := h.Email + " · " + Password
		if h.Role != desk.RoleAgent {
			line += " (" + string(h.Role) + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// populate makes the workspace, or finds it as it was left.
func (st *stage) populate() {
	st.ws = st.sim.Workspace("northwind")
	st.ws.Configure(func(w *world.Workspace) { w.Name = "Northwind" })
	alice := st.ws.AddUser("alice", "Alice Martin", slacksim.Admin)
	bob := st.ws.AddUser("bob", "Bob Okafor")
	chloe := st.ws.AddUser("chloe", "Chloé Dubois")
	st.people = []*slacksim.User{alice, bob, chloe}
	st.ws.AddChannel("general", world.Public, st.people...)
	st.channel = st.ws.AddChannel("ops", world.Private, st.people...)
	installed := st.ws.Install(caseline(st.consoleURL))
	if !st.channel.Now().Has(installed.Bot.ID) {
		st.channel.Invite(alice, installed.Bot)
	}
}

// caseline is our app as its manifest makes it, with a server at url.
func caseline(url string) slacksim.App {
	m, err := manifest.New(manifest.Options{Command: "/support", Socket: true}) // with no addresses, which must be https
	if err != nil {
		panic(err) // unreachable: a test prints this manifest
	}
	a := simulated.At(url, simulated.App(m))
	a.ID, a.Name, a.BotName, a.BotToken, a.SigningSecret = "A0CASELINE", "Caseline", "caseline", botToken, signingSecret
	return a
}

// mountPages serves the client that people use Slack with.
func (st *stage) mountPages(frames []string) (err error) {
	st.pages, err = client.New(st.sim.People, client.Options{FrameAncestors: frames, Server: st.sim})
	if err != nil {
		return fmt.Errorf("prepare the pages of the simulated Slack: %w", err)
	}
	st.sim.Mount("/client/", st.pages.Handler())
	st.sim.Mount("/archives/", st.pages.Handler())
	st.sim.Mount("GET /{$}", http.RedirectHandler("/client/", http.StatusFound))
	return nil
}

// clientURL is where Alice has #ops open.
func (st *stage) clientURL() string {
	return st.slackURL + "/client/" + st.ws.ID + "/alice/" + st.channel.ID
}

func (st *stage) config(in setting) config.Config {
	cfg := config.Default()
	cfg.DataDir = filepath.Join(in.dir, "caseline")
	cfg.PublicURL = st.consoleURL
	cfg.Slack.APIURL = st.slackURL + "/api/"
	cfg.Slack.BotToken = config.NewSecret(botToken)
	cfg.Slack.SigningSecrets = []config.Secret{config.NewSecret(signingSecret)}
	cfg.Account = config.Account{ID: "111122223333", Name: "Northwind"}
	cfg.Channels = []config.Channel{{ID: st.channel.ID, Name: "ops"}}
	if in.compareAfter > 0 {
		cfg.Chat.CompareAfter = in.compareAfter
	}
	for _, h := range hands() {
		cfg.Agents = append(cfg.Agents, config.Agent{Name: h.Name, Email: h.Email, Password: config.NewSecret(Password), Role: string(h.Role)})
	}
	return cfg
}

var errSlackPatience = errors.New("the simulated Slack did not stop in time")

// run runs both sides until ctx ends: the server first to stop, the simulated
// Slack after it, so that what the server still sends is taken.
func (st *stage) run(ctx context.Context) error {
	slackCtx, stopSlack := context.WithCancel(context.WithoutCancel(ctx))
	defer stopSlack()
	var g errgroup.Group
	g.Go(func() error { return ignoreEnd(st.sim.Run(slackCtx)) })
	err := st.app.Run(ctx)
	stopSlack()
	if st.pages != nil {
		st.pages.Stop()
	}
	patience, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), 5*time.Second, errSlackPatience)
	defer cancel()
	if st.slackServer.Shutdown(patience) != nil {
		st.slackServer.Close()
	}
	return errors.Join(err, g.Wait(), st.sim.Close())
}

func ignoreEnd(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
