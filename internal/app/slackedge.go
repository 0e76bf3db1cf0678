package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/casework/absence"
	"caseline/internal/casework/drafts"
	"caseline/internal/casework/emoji"
	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/inbox"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/channels"
	"caseline/internal/slack/emojis"
	"caseline/internal/slack/faces"
	"caseline/internal/slack/front"
	"caseline/internal/slack/groups"
	"caseline/internal/slack/home"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/mentions"
	"caseline/internal/slack/people"
	"caseline/internal/slack/send"
	"caseline/internal/slack/socket"
	"caseline/internal/slack/wire"
	"caseline/internal/store/sqlstore"
)

// A slackEdge is everything between Slack and the use cases. The inbox stands
// between two of its parts, the ingress and the interpreter, so the ingress
// is joined last.
type slackEdge struct {
	workspace served.Workspace
	channels  *ident.Channels
	skew      func() (s api.Skew, known bool) // of the clocks
	apply     inbox.Apply
	sender    outbox.Sender
	directory *people.Directory
	homes     *home.Home
	groups    *groups.Groups
	public    *channels.List
	emoji     *emojis.Book
	mentions  *mentions.Book
	named     func() // tells pages of other names; set when there are any
	faces     *faces.Gallery
	warden    *slack.Warden
	gate      gate // of the outbox; set when there is one
	ingress   http.Handler
	socket    *socket.Client // nil without Socket Mode
	byHTTP    bool           // Slack may send requests, too
	missed    chan struct{}  // Slack may not have sent everything

	join func(*inbox.Inbox) // makes ingress and socket
}

// A reading is the store, but for who is in which user group: Slack is asked
// for that.
type reading struct {
	*sqlstore.Store
	groups *groups.Groups
}

// GroupsOf returns the user groups of a workspace that a person is in.
func (r reading) GroupsOf(ctx context.Context, w desk.WorkspaceID, who desk.PersonID) ([]served.GroupID, error) {
	return r.groups.GroupsOf(ctx, w, who)
}

// A gate keeps deliveries from being tried while Slack does not let us in.
type gate interface {
	Shut(until time.Time, reason string)
	Heal()
}

// noGate is the gate of an edge without an outbox.
type noGate struct{}

func (noGate) Shut(time.Time, string) {}
func (noGate) Heal()                  {}

// shutFor is how long deliveries wait after Slack has shut us out, before one
// of them tries for all.
const shutFor = time.Minute

func newSlackEdge(
	ctx context.Context, cfg config.Config, cases *casework.Service, s *sqlstore.Store, files *blob.Folder, book *catalogue.Book, o Options,
) (*slackEdge, error) {
	installed, client, err := botClient(ctx, cfg, s, o)
	if err != nil {
		return nil, err
	}
	appLevel, err := appLevelClient(cfg, o)
	if err != nil {
		return nil, err
	}
	workspace, err := greet(ctx, client, s, installed, cfg.Channels, o.Log)
	if err != nil {
		return nil, err
	}
	secrets := make([]string, len(cfg.Slack.SigningSecrets))
	for i, secret := range cfg.Slack.SigningSecrets {
		secrets[i] = secret.Reveal()
	}
	userGroups := groups.New(s, client, groups.Options{Log: o.Log, Now: o.Now})
	read := reading{Store: s, groups: userGroups}
	reach := home.NewReach(read, client, o.Now)
	homes := home.New(s, client, reach, installed, home.Options{Log: o.Log, Now: o.Now, Pace: paceOf(cfg.Slack.Pace), Command: cfg.Slack.Command, Level: levels(book)})
	var e *slackEdge
	mentioned := mentions.New(workspace.ID, client, userGroups, mentions.Options{Log: o.Log, Now: o.Now, Told: func() { e.named() }})
	front := front.New(cases, read, client, installed, front.Options{
		Book: book, Drafts: drafts.New(s, o.Now), Reach: reach, Homes: homes, Now: o.Now, Log: o.Log, ReopenWithin: cfg.Cases.ReopenWithin, Mail: cfg.Mail.On(), Mentions: mentioned.InSlack,
	})
	directory := people.New(s, cases, client, people.Options{Log: o.Log, Now: o.Now})
	e = &slackEdge{workspace: workspace, channels: installed.Channels, skew: client.Skew, directory: directory, homes: homes, gate: noGate{}, named: func() {}, missed: make(chan struct{}, 1), byHTTP: cfg.Slack.UsesHTTP()}
	e.emoji = emojis.New(workspace.ID, client, s, emoji.NewKeeper(s), files, emojis.Options{Log: o.Log, Now: o.Now})
	e.faces = faces.New(client, s, files, o.Now)
	e.mentions = mentioned
	e.groups, e.public = userGroups, channels.New(workspace.ID, client, o.Now)
	e.apply = slack.NewInterpreter(cases, installed).Apply
	e.warden = slack.NewWarden(client, cases, installed, workspace.ID, slack.WardenOptions{
		Log: o.Log, Every: o.AskSlack,
		Out:   func(reason string) { e.gate.Shut(o.Now().Add(shutFor), reason) },
		Back:  func() { e.gate.Heal() },
		Spoke: e.miss,
	})
	e.sender = send.New(workspace, client, s, cases, files, send.Options{
		Log: o.Log, Now: o.Now, Pace: paceOf(cfg.Slack.Pace), Prefix: cfg.Chat.ChannelPrefix, Picture: portraitOf(cfg, s, o.Log), Absent: absence.New(s, o.Now).Notice, Margin: cfg.Slack.Timeout / 2,
		MaxFile: int64(cfg.Limits.MaxFile), ShutOut: e.warden.Doubt, Channels: installed.Channels,
		Named: func(c desk.Case) desk.Case { return book.Catalogue().Named(c) }, Level: levels(book), Mentions: e.mentions.InSlack,
	})
	e.join = func(in *inbox.Inbox) {
		intake := slack.NewIntake(in, front, installed, slack.IntakeOptions{
			Log: o.Log, Now: o.Now, People: directory, Groups: userGroups, Names: e.mentions, Doubt: e.warden.Doubt, MaxBody: int64(cfg.Limits.MaxBody), Missed: e.miss, Emoji: e.emoji.Refresh, Homes: homes,
		})
		e.ingress = slack.NewIngress(wire.NewVerifier(secrets...), intake)
		if appLevel != nil {
			e.socket = socket.New(slack.OpenSocket(appLevel), slack.NewSocketIntake(intake, client), socket.Options{
				Log: o.Log, Connections: cfg.Slack.SocketConnections, Missed: e.miss, Dial: o.DialSocket,
			})
		}
	}
	return e, nil
}

// botClient returns what calls Slack by the bot token, and who our app is to be
// told from echoes by, which knows the ids that channels had before.
func botClient(ctx context.Context, cfg config.Config, s *sqlstore.Store, o Options) (*ident.Installed, *api.Client, error) {
	installed := ident.NewInstalled()
	if err := slack.LoadChannels(ctx, s, installed.Channels); err != nil {
		return nil, nil, fmt.Errorf("read which channels have other ids: %w", err)
	}
	client, err := newClient(cfg, cfg.Slack.BotToken, installed.Channels, o)
	return installed, client, err
}

func newClient(cfg config.Config, token config.Secret, channels *ident.Channels, o Options) (*api.Client, error) {
	return api.New(token.Reveal(), api.Options{
		BaseURL: cfg.Slack.APIURL, Timeout: cfg.Slack.Timeout, Transport: o.Slack, Channels: channels, Now: o.Now,
	})
}

// appLevelClient returns what calls Slack by the app-level token, or nil when there
// is none.
func appLevelClient(cfg config.Config, o Options) (*api.Client, error) {
	if !cfg.Slack.UsesSockets() {
		return nil, nil
	}
	return newClient(cfg, cfg.Slack.AppToken, nil, o)
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

// greet asks Slack who we are and whether the configured channels can be used.
// When Slack cannot be reached or has shut us out, a server that has served
// before goes on as the app that it was: events and agents must not wait for
// the Web API, and agents must be told.
func greet(
	ctx context.Context, client *api.Client, s *sqlstore.Store, installed *ident.Installed, channels []config.Channel, log *slog.Logger,
) (served.Workspace, error) {
	workspace, err := slack.Setup(ctx, client, s, installed, log)
	if e, ok := errors.AsType[*api.Error](err); ok && (e.Kind != api.Refused || api.ShutOut(e)) {
		known, readErr := s.Workspaces(ctx)
		if readErr != nil || len(known) != 1 {
			return served.Workspace{}, errors.Join(fmt.Errorf("greet slack: %w", err), readErr)
		}
		log.Error("slack does not let us in: going on as the app that was installed before", slog.String("workspace", string(known[0].ID)), slog.Any("err", err))
		installed.Put(known[0])
		return known[0], nil
	}
	if err != nil {
		return served.Workspace{}, fmt.Errorf("greet slack: %w", err)
	}
	for _, ch := range channels {
		// The app can be invited while we run, so this is not fatal.
		if err := slack.CheckChannel(ctx, client, desk.ChannelID(ch.ID)); err != nil {
			log.Warn("a configured channel cannot be used", slog.Any("err", err))
		}
	}
	return workspace, nil
}

// paceOf returns the table of limits for what is configured.
func paceOf(p config.Pace) *pace.Table {
	table := pace.Slack()
	switch p {
	case config.PaceOff:
		table = pace.Table{}
	case config.PaceFew:
		table = pace.Few()
	case config.PaceSlack:
	}
	return &table
}

// address is where Slack opens a place, in a browser or in its own client.
func (e *slackEdge) address(p desk.Place) string {
	at, ok := ident.Split(p)
	if !ok {
		return ""
	}
	at.Channel = e.channels.Now(at.Channel)
	return at.Address(e.workspace.URL)
}
