package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"caseline/internal/app/tenants"
	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/inbox"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/install"
	"caseline/internal/slack/socket"
	"caseline/internal/slack/wire"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
)

// A slackEdge is everything between Slack and the use cases that all workspaces
// share, and the tenants. The inbox stands between two of its parts, the ingress
// and the interpreter, so the ingress is joined last.
type slackEdge struct {
	installed *ident.Installed
	tenants   *tenants.Set
	own       served.Workspace // of slack.bot_token; zero without one
	keeper    *install.Keeper  // nil where nobody can install the app
	apply     inbox.Apply
	named     func()       // tells pages of other names; set when there are any
	gate      tenants.Gate // of the outbox; set when there is one
	ingress   http.Handler
	socket    *socket.Client // nil without Socket Mode
	byHTTP    bool           // Slack may send requests, too
	missed    chan struct{}  // Slack may not have sent everything

	join func(*inbox.Inbox) // makes ingress and socket
}

// noGate is the gate of an edge without an outbox.
type noGate struct{}

func (noGate) Shut(string, time.Time, string) {}
func (noGate) Heal(string)                    {}

// Shut keeps the deliveries of a workspace from being tried for a while.
func (e *slackEdge) Shut(workspace string, until time.Time, reason string) {
	e.gate.Shut(workspace, until, reason)
}

// Heal lets the deliveries of a workspace be tried.
func (e *slackEdge) Heal(workspace string) { e.gate.Heal(workspace) }

func newSlackEdge(
	ctx context.Context, cfg config.Config, cases *casework.Service, s *sqlstore.Store, files *blob.Folder, book *catalogue.Book, o Options,
) (*slackEdge, error) {
	installed, err := loadInstalled(ctx, s)
	if err != nil {
		return nil, err
	}
	if o.Slack == nil {
		o.Slack = api.Transport() // whose connections all clients share
	}
	e := &slackEdge{installed: installed, gate: noGate{}, named: func() {}, missed: make(chan struct{}, 1), byHTTP: cfg.Slack.UsesHTTP()}
	parts := tenants.Parts{
		Config: cfg, Store: s, Cases: cases, Files: files, Book: book, Installed: installed, Log: o.Log, Now: o.Now, Slack: o.Slack, AskSlack: o.AskSlack,
		Picture: portraitOf(cfg, s, o.Log), Level: levels(book), Missed: e.miss, Named: func() { e.named() }, Gate: e,
	}
	e.tenants = tenants.New(parts)
	var appLevel *api.Client
	if cfg.Slack.UsesSockets() {
		if appLevel, err = api.New(cfg.Slack.AppToken.Reveal(), parts.Calls("", "")); err != nil {
			return nil, err
		}
	}
	if cfg.Slack.BotToken.IsSet() {
		if err := e.serveOwn(ctx, cfg, s, parts, o.Log); err != nil {
			return nil, err
		}
	}
	if cfg.Slack.UsesOAuth() {
		if err := e.keep(ctx, cfg, s, parts.Calls("", ""), o); err != nil {
			return nil, err
		}
	}
	e.apply = slack.NewInterpreter(cases, installed, s).Apply
	e.join = func(in *inbox.Inbox) { e.listenBy(cfg, in, s, appLevel, o) }
	return e, nil
}

// serveOwn serves the workspace of slack.bot_token.
func (e *slackEdge) serveOwn(ctx context.Context, cfg config.Config, s *sqlstore.Store, parts tenants.Parts, log *slog.Logger) error {
	token := cfg.Slack.BotToken.Reveal()
	stranger, err := api.New(token, parts.Calls("", ""))
	if err != nil {
		return err
	}
	var answered bool
	if e.own, answered, err = greet(ctx, stranger, token, s, e.installed, log); err != nil {
		return err
	}
	client, err := api.New(token, parts.Calls(e.own.ID, ""))
	if err != nil {
		return err
	}
	if answered {
		checkChannels(ctx, client, cfg.Channels, log)
	}
	e.tenants.Add(e.own, client)
	return nil
}

// checkChannels tells an operator of the configured channels that cannot be used.
func checkChannels(ctx context.Context, client *api.Client, channels []config.Channel, log *slog.Logger) {
	for _, ch := range channels {
		// The app can be invited while we run, so this is not fatal.
		if err := slack.CheckChannel(ctx, client, desk.ChannelID(ch.ID)); err != nil {
			log.Warn("a configured channel cannot be used", slog.Any("err", err))
		}
	}
}

// errNoKey says what to do without a key for the tokens that Slack gives.
var errNoKey = errors.New("slack.client_id is set, so tokens are kept in the database, and they need a key: make one by caseline key new, and let CASELINE_KEY_FILE name the file")

// keep has the app kept where it is installed by OAuth, and serves those
// workspaces.
func (e *slackEdge) keep(ctx context.Context, cfg config.Config, s *sqlstore.Store, calls api.Options, o Options) error {
	if o.Keys == nil {
		return errNoKey
	}
	oauth, err := api.NewOAuth(cfg.Slack.ClientID, cfg.Slack.ClientSecret.Reveal(), calls)
	if err != nil {
		return err
	}
	e.keeper = install.New(s, oauth, o.Keys, install.Options{
		Log: o.Log, Now: o.Now, Put: e.tenants.Put, Remove: e.tenants.Remove, PublicURL: cfg.PublicURL, Secure: cfg.CookiesAreSecure(),
	})
	e.tenants.Keep(e.keeper)
	apps, err := e.keeper.Apps(ctx)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if err := e.tenants.Start(ctx, app); err != nil {
			return err
		}
	}
	return nil
}

// keepUp has installations kept up to date, until ctx ends.
func (e *slackEdge) keepUp(ctx context.Context) error {
	if e.keeper == nil {
		<-ctx.Done()
		return nil
	}
	return e.keeper.Run(ctx)
}

// listenBy makes what Slack tells us things by, which hands them to in.
func (e *slackEdge) listenBy(cfg config.Config, in *inbox.Inbox, s *sqlstore.Store, appLevel *api.Client, o Options) {
	all := e.tenants
	intake := slack.NewIntake(in, all, e.installed, slack.IntakeOptions{
		Log: o.Log, Now: o.Now, People: all.People(), Groups: all.Groups(), Names: all, Homes: all, Doubt: all.Doubt, Emoji: all.RefreshEmoji,
		MaxBody: int64(cfg.Limits.MaxBody), Missed: e.miss, Seek: all.Seek, Known: s, Holder: all.Holder, Relist: all.Relist,
	})
	secrets := make([]string, len(cfg.Slack.SigningSecrets))
	for i, secret := range cfg.Slack.SigningSecrets {
		secrets[i] = secret.Reveal()
	}
	e.ingress = slack.NewIngress(wire.NewVerifier(secrets...), intake)
	if appLevel != nil {
		e.socket = socket.New(slack.OpenSocket(appLevel), slack.NewSocketIntake(intake, all), socket.Options{
			Log: o.Log, Connections: cfg.Slack.SocketConnections, Missed: e.miss, Dial: o.DialSocket,
		})
	}
}

// loadInstalled returns who our app is to be told from echoes by, which knows the
// ids that channels had before.
func loadInstalled(ctx context.Context, s *sqlstore.Store) (*ident.Installed, error) {
	installed := ident.NewInstalled()
	if err := slack.LoadChannels(ctx, s, installed); err != nil {
		return nil, fmt.Errorf("read which channels have other ids: %w", err)
	}
	return installed, nil
}

// listen takes in what comes by Socket Mode, until ctx ends.
func (e *slackEdge) listen(ctx context.Context) error {
	if e.socket == nil {
		<-ctx.Done()
		return nil
	}
	return e.socket.Run(ctx)
}

// status is how Socket Mode stands. Without it nothing is the matter.
func (e *slackEdge) status() socket.Status {
	if e.socket == nil {
		return socket.Status{}
	}
	return e.socket.Status()
}

// hearing is how things stand with Socket Mode, for the pages. Switched off it is
// not missed where Slack may send requests: then that is what it does.
func hearing(s socket.Status, byHTTP bool) work.Socket {
	off := s.Reason == wire.ReasonDisabled
	if off && byHTTP {
		return work.Socket{}
	}
	return work.Socket{Since: s.Since, Next: s.Next, Off: off, Reason: s.Reason}
}

// miss notes that Slack may not have sent everything.
func (e *slackEdge) miss() {
	select {
	case e.missed <- struct{}{}:
	default: // it is noted already
	}
}

// greet asks Slack who we are, and reports whether it answered. When Slack cannot
// be reached or has shut us out, a server that has served before goes on as the
// app that it was: events and agents must not wait for the Web API, and agents
// must be told.
func greet(
	ctx context.Context, client *api.Client, token string, s *sqlstore.Store, installed *ident.Installed, log *slog.Logger,
) (workspace served.Workspace, answered bool, err error) {
	workspace, err = slack.Setup(ctx, client, s, installed, log)
	if e, ok := errors.AsType[*api.Error](err); ok && (e.Kind != api.Refused || api.ShutOut(e)) {
		known, readErr := configured(ctx, s, token)
		if readErr != nil || len(known) != 1 {
			return served.Workspace{}, false, errors.Join(fmt.Errorf("greet slack: %w", err), readErr)
		}
		log.Error("slack does not let us in: going on as the app that was installed before", slog.String("workspace", string(known[0].ID)), slog.Any("err", err))
		installed.Put(known[0])
		return known[0], false, nil
	}
	if err != nil {
		return served.Workspace{}, false, fmt.Errorf("greet slack: %w", err)
	}
	if _, err := tokenOf(ctx, s, token, workspace.ID); err != nil {
		return served.Workspace{}, false, fmt.Errorf("note whose slack.bot_token is: %w", err)
	}
	return workspace, true, nil
}

// tokenOf returns the workspace that a token was first found to be of, which it is
// of for ever; found is the answer if nobody has found out. Of the token nothing
// but a hash is kept.
func tokenOf(ctx context.Context, s *sqlstore.Store, token string, found desk.WorkspaceID) (w desk.WorkspaceID, err error) {
	sum := sha256.Sum256([]byte(token))
	err = s.Update(ctx, func(tx store.Tx) error {
		of, err := tx.Key(ctx, "workspace of token "+hex.EncodeToString(sum[:]), string(found))
		if w = desk.WorkspaceID(of); err == nil && w == "" {
			return desk.ErrNotFound // which is not to be written down
		}
		return err
	})
	return w, err
}

// configured are the workspaces of which one is that of slack.bot_token: by the
// token, or else those that an earlier run knew and that no installation by OAuth
// is of.
func configured(ctx context.Context, s *sqlstore.Store, token string) ([]served.Workspace, error) {
	switch w, err := tokenOf(ctx, s, token, ""); {
	case err == nil:
		known, err := s.Workspace(ctx, w)
		return []served.Workspace{known}, err
	case !errors.Is(err, desk.ErrNotFound):
		return nil, err
	}
	all, err := s.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	installations, err := s.Installations(ctx)
	return slices.DeleteFunc(all, func(w served.Workspace) bool {
		return slices.ContainsFunc(installations, func(i served.Installation) bool {
			return i.Workspace == w.ID || slices.Contains(i.Reaches, w.ID)
		})
	}), err
}
