package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"caseline/internal/app/tenants"
	"caseline/internal/auth"
	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/casework/barred"
	"caseline/internal/casework/drafts"
	"caseline/internal/casework/keeping"
	"caseline/internal/casework/portraits"
	"caseline/internal/casework/reckoning"
	"caseline/internal/casework/setup"
	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/console"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/feed"
	"caseline/internal/inbox"
	"caseline/internal/outbox"
	"caseline/internal/seal"
	"caseline/internal/slack"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/manifest"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/upkeep"
	"caseline/internal/upkeep/offering"
)

// Options are what an App can be given beside its configuration; the zero
// value works.
type Options struct {
	Log      *slog.Logger      // default: none
	Now      func() time.Time  // default: the system clock
	Slack    http.RoundTripper // calls Slack's Web API; default: over the network
	Listener net.Listener      // default: one on cfg.Listen
	Frames   []string          // origins whose pages may show the console in a frame
	SignIns  []string          // lines for the sign-in page, for the demo
	Reload   <-chan os.Signal  // whenever the catalogue is to be read again; default: never
	Keys     *seal.Ring        // seal what Slack gives by OAuth, and second factors; needed only where there are any
	AskSlack time.Duration     // how often Slack is asked whether we are let in; default 3 minutes
	Poll     time.Duration     // how often the database is looked at for what no hint told of; default: a second or a few
	// DialSocket makes the connections under Socket Mode's; default: over the network.
	DialSocket func(ctx context.Context, network, address string) (net.Conn, error)
	Undo       int       // seconds for which agents can call back a message, where they have not chosen; 0 is 5, below 0 none
	Started    func()    // called when all that only starting needs is done, before anybody is served; default: nothing is
	Hashing    auth.Cost // the work of one password hash; default as for auth.Options
}

// An App is the whole server. Make one with New, Run it once.
type App struct {
	Store *sqlstore.Store   // for reading what is recorded
	Cases *casework.Service // for doing what no edge offers yet
	Setup *setup.Service    // for who is served where

	log        *slog.Logger
	now        func() time.Time
	listener   net.Listener
	server     *http.Server
	endStreams func() // and waits for their end
	doors      map[string]rights.Right
	inbox      *inbox.Inbox
	outbox     *outbox.Outbox
	feed       *feed.Feed
	upkeep     *upkeep.Upkeep
	offers     *offering.Offers
	barred     *offering.Offers // whose chats go back
	slack      *slackEdge
	mail       *mailEdge
	keeper     *keeper
	book       *catalogue.Book
	every      time.Duration // chat.compare_every
	facts      *reckoning.Keeper
	reload     <-chan os.Signal
	started    func()
}

// New opens the store, joins the parts and listens. Nothing runs yet; the
// store's claims and events of an earlier run are taken up by Run.
func New(ctx context.Context, cfg config.Config, o Options) (_ *App, err error) {
	o = o.withDefaults()
	s, err := openStore(ctx, cfg, o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	files, err := blob.Open(filepath.Join(cfg.DataDir, "files"))
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	patience := desk.Patience{IdlePrompt: cfg.Chat.IdlePrompt, IdleEnd: cfg.Chat.IdleEnd, AgentGone: cfg.Chat.AgentGone}
	book, err := catalogue.Open(cfg.Catalogue.File)
	if err != nil {
		return nil, err
	}
	a := &App{Store: s, log: o.Log, now: o.Now, book: book, every: cfg.Chat.CompareEvery, reload: o.Reload, started: o.Started}
	a.Cases = casework.New(s, casework.Options{
		Now: o.Now, TallyAfter: cfg.Chat.CompareAfter, Patience: patience, ReopenWithin: cfg.Cases.ReopenWithin,
		Channel: ident.Channel, Mail: cfg.Mail.On(), AskRating: cfg.Chat.AskRating, Routing: routingRules(cfg.Routing, book),
		Prompt: func(ctx context.Context, lane desk.Lane, update func(store.Tx) error) error {
			return a.outbox.Update(ctx, lane, update)
		},
	})
	a.offers = offering.New(a.Cases, offering.Options{Log: o.Log, Now: o.Now, Every: o.Poll})
	a.barred = offering.New(barred.New(s, a.Cases), offering.Options{Log: o.Log, Now: o.Now, Every: o.Poll})
	a.Setup = newSetup(cfg, s, o)
	if a.slack, err = newSlackEdge(ctx, cfg, a.Cases, s, files, book, o); err != nil {
		return nil, err
	}
	a.inbox = inbox.New(s, a.slack.apply, inbox.Options{Log: o.Log, Now: o.Now, Poll: o.Poll, Retention: cfg.Limits.RawEvents})
	a.slack.join(a.inbox)
	a.outbox = outbox.New(s, a.slack.tenants, a.Cases.Settled, outbox.Options{
		Log: o.Log, Now: o.Now, Poll: o.Poll, TryTimeout: cfg.Slack.Timeout + time.Second, LookAfter: cfg.Slack.Timeout / 4, Spoke: a.slack.miss, Waits: a.Cases.Waits,
		Who: func(d desk.Delivery) string { return string(tenants.Of(d)) },
	})
	a.upkeep = upkeep.New(s, a.Cases, upkeep.Options{Log: o.Log, Now: o.Now, Every: o.Poll, Patience: patience, Files: files, Index: s, Purge: a.purge(drafts.New(s, o.Now).Purge)})
	a.slack.gate = a.outbox
	if a.keeper = newKeeper(s, files, book, o); a.keeper.follow(ctx) != nil {
		o.Log.Error("the catalogue that was saved last is not in force")
	}
	if a.mail, err = newMailEdge(ctx, cfg, s, o); err != nil {
		return nil, err
	}
	a.facts = reckoning.New(s, reckoning.Options{Log: o.Log, Now: o.Now, Every: o.Poll})
	a.feed = feed.New(s, feed.Options{Log: o.Log, Now: o.Now, Poll: pollEvery(cfg)})
	a.slack.named = a.feed.Named
	signIns, err := newSignIns(cfg, s, o)
	if err != nil {
		return nil, err
	}
	if err := a.setUp(ctx, cfg, signIns); err != nil {
		return nil, err
	}
	pages, err := console.New(console.Needs{
		Log: o.Log, Auth: signIns, Cases: a.Cases, Contacts: a.mail.contacts, Setup: a.Setup, Keeping: keeping.New(s, o.Now), Read: s, Feed: a.feed, File: openFile(files), Keep: files.Put,
	}, console.Options{
		Undo: o.Undo, Now: o.Now, Frames: o.Frames, TLS: cfg.CookiesAreSecure(), Hints: o.SignIns, Person: ident.Person, Address: a.slack.tenants.Address,
		MaxFile: int64(cfg.Limits.MaxFile), Health: a.health, Emoji: a.slack.tenants, Mentions: a.slack.tenants, Faces: a.slack.tenants, Portraits: portraits.New(s, o.Now), Setup: a.slack.setupPages(cfg), Named: a.Named, Mail: cfg.Mail.On(), Book: a.book, Level: levels(book), Board: a.Cases.Board, Rooms: a.rooms(cfg),
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the console: %w", err)
	}
	if a.listener = o.Listener; a.listener == nil {
		if a.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen); err != nil {
			return nil, fmt.Errorf("listen: %w", err)
		}
	}
	a.server = newServer(a.routes(cfg, pages.Handler()), o.Log)
	a.endStreams, a.doors = pages.EndStreams, pages.Doors()
	a.server.RegisterOnShutdown(a.endStreams)
	return a, nil
}

// health is how things stand between us and Slack, for the pages.
func (a *App) health() work.Health {
	h := a.outbox.Health()
	health := work.Health{
		Since: h.Since, Next: h.Next, Ahead: a.slack.ahead(), Socket: hearing(a.slack.status(), a.slack.byHTTP),
	}
	if a.slack.keeper != nil {
		health.Install, health.Troubles = manifest.PathInstall, a.slack.keeper.Troubles()
	}
	return health
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Started == nil {
		o.Started = func() {}
	}
	return o
}

func openStore(ctx context.Context, cfg config.Config, o Options) (*sqlstore.Store, error) {
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	return sqlstore.Open(ctx, sqlstore.Options{URL: cfg.StoreURL(), Logger: o.Log, Now: o.Now})
}

// pollEvery is how often the feed looks for changes that no hint told of; 0 is
// the default, for a database that others write to as well. Nobody else writes to
// a file, whose hints are not lost.
func pollEvery(cfg config.Config) time.Duration {
	if strings.HasPrefix(cfg.Database.URL.Reveal(), "postgres") {
		return 0
	}
	return 10 * time.Second
}

// Doors are the addresses of the console, by pattern, each with the right that it
// asks for; an empty one for what everybody may see.
func (a *App) Doors() map[string]rights.Right { return a.doors }

// Addr is where the server listens, as host:port.
func (a *App) Addr() string { return a.listener.Addr().String() }

// stopPatience is how long each part may take to stop.
const stopPatience = 15 * time.Second

// Run serves until ctx ends, then stops in order.
func (a *App) Run(ctx context.Context) error {
	missed := &catchUp{app: a}
	missed.begin(ctx)
	if err := a.Store.Trim(ctx); err != nil && ctx.Err() == nil {
		a.log.Warn("memory not given back", slog.Any("err", err))
	}
	a.started()
	err := runStages(ctx, a.log, stopPatience, []stage{
		{"http", a.serve},
		{"socket", a.slack.listen},
		{"inbox", a.inbox.Run},
		{"upkeep", a.upkeep.Run},
		{"offers", a.offers.Run},
		{"barred", a.barred.Run},
		{"catalogue", a.reread},
		{"keeping", a.keeper.Run},
		{"outbox", a.outbox.Run},
		{"mail", a.mail.Run},
		{"catch-up", missed.Run},
		{"compare", func(ctx context.Context) error { return a.compare(ctx, a.every) }},
		{"index", a.fillIndex},
		{"installations", a.slack.keepUp},
		{"tenants", a.slack.tenants.Run},
		{"channels", func(ctx context.Context) error {
			return slack.FollowChannels(ctx, a.Store, a.slack.installed, a.log)
		}},
		{"clock", a.watchClock},
		{"reports", a.facts.Run},
		{"feed", a.feed.Run},
	})
	return errors.Join(err, a.Store.Close())
}

// setUp stores what the configuration says of accounts, channels and agents.
func (a *App) setUp(ctx context.Context, cfg config.Config, signIns *auth.Service) error {
	if err := plant(ctx, cfg, a.Setup, a.slack, a.log); err != nil {
		return fmt.Errorf("make the configured account and channels: %w", err)
	}
	for _, agent := range cfg.Agents {
		if _, _, err := signIns.EnsureAgent(ctx, desk.ByItself(), agent.Email, agent.Name, agent.Password.Reveal(), cmp.Or(desk.Role(agent.Role), desk.RoleAgent)); err != nil {
			return fmt.Errorf("add agent %s: %w", agent.Email, err)
		}
	}
	return nil
}
