package tenants

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/casework/absence"
	"caseline/internal/casework/drafts"
	"caseline/internal/casework/emoji"
	"caseline/internal/casework/rating"
	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
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
	"caseline/internal/slack/install"
	"caseline/internal/slack/mentions"
	"caseline/internal/slack/people"
	"caseline/internal/slack/send"
	"caseline/internal/store/sqlstore"
)

// Parts are what all tenants are made of.
type Parts struct {
	Config    config.Config
	Store     *sqlstore.Store
	Cases     *casework.Service
	Files     *blob.Folder
	Book      *catalogue.Book
	Installed *ident.Installed

	Log      *slog.Logger
	Now      func() time.Time
	Slack    http.RoundTripper                                          // calls the Web API; nil is over the network
	AskSlack time.Duration                                              // how often Slack is asked whether we are let in; 0 is the default
	Picture  func(ctx context.Context, a desk.AgentID) (address string) // of an agent, for Slack
	Level    func(desk.Severity) desk.Level                             // by the catalogue in force
	Missed   func()                                                     // Slack may not have sent everything
	Named    func()                                                     // something has another name than pages may show
	Gate     Gate
	Keeper   Keeper // of installations by OAuth; nil without
}

// A Gate keeps the deliveries of a workspace from being tried while Slack does
// not let us in there.
type Gate interface {
	Shut(workspace string, until time.Time, reason string)
	Heal(workspace string)
}

// A Keeper has the installations by OAuth; an [install.Keeper] is one.
type Keeper interface {
	Resolve(ctx context.Context, team, enterprise string) (install.App, bool, error)
	Gone(ctx context.Context, team, enterprise, reason string) error
	Doubt(w desk.WorkspaceID)
	Relist()
}

// shutFor is how long deliveries wait after Slack has shut us out, before one
// of them tries for all.
const shutFor = time.Minute

// Calls are how Slack's Web API is called in a workspace, or in none. team is as
// in api.Options.
func (p *Parts) Calls(w desk.WorkspaceID, team string) api.Options {
	o := api.Options{BaseURL: p.Config.Slack.APIURL, Timeout: p.Config.Slack.Timeout, Transport: p.Slack, Now: p.Now, Team: team}
	if w != "" {
		o.Channels = p.Installed.Channels(w)
	}
	return o
}

// relist has organisations asked into which of their workspaces we are let.
func (p *Parts) relist() {
	if p.Keeper != nil {
		p.Keeper.Relist()
	}
}

// A tenant is everything between Slack and the use cases that belongs to one
// workspace.
type tenant struct {
	self      served.Workspace
	client    *api.Client
	front     *front.Front
	sender    *send.Sender
	directory *people.Directory
	homes     *home.Home
	groups    *groups.Groups
	public    *channels.List
	emoji     *emojis.Book
	mentions  *mentions.Book
	faces     *faces.Gallery
	warden    *slack.Warden
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

// newTenant returns the tenant of the workspace in which our app is self, whom
// client calls. app is its installation by OAuth, if it has one.
func newTenant(p *Parts, self served.Workspace, client *api.Client, app install.App) *tenant {
	w, cfg := self.ID, p.Config
	t := &tenant{self: self, client: client}
	t.groups = groups.New(p.Store, client, groups.Options{Log: p.Log, Now: p.Now})
	t.mentions = mentions.New(w, client, t.groups, mentions.Options{Log: p.Log, Now: p.Now, Told: p.Named})
	t.directory = people.New(w, p.Store, p.Cases, client, people.Options{Log: p.Log, Now: p.Now})
	t.emoji = emojis.New(w, client, p.Store, emoji.NewKeeper(p.Store), p.Files, emojis.Options{Log: p.Log, Now: p.Now})
	t.faces = faces.New(client, p.Store, p.Files, p.Now)
	t.public = channels.New(w, client, p.Now)
	t.warden = slack.NewWarden(client, p.Cases, p.Installed, w, t.watch(p, app))
	t.meet(p)
	t.sender = send.New(self, client, p.Store, p.Cases, p.Files, send.Options{
		Log: p.Log, Now: p.Now, Pace: paceOf(cfg.Slack.Pace), Prefix: cfg.Chat.ChannelPrefix, Picture: p.Picture, Absent: absence.New(p.Store, p.Now).Notice,
		Margin: cfg.Slack.Timeout / 2, MaxFile: int64(cfg.Limits.MaxFile), ShutOut: t.shut(p), Channels: p.Installed.Channels(w),
		Named: func(c desk.Case) desk.Case { return p.Book.Catalogue().Named(c) }, Level: p.Level, Mentions: t.mentions.InSlack,
	})
	return t
}

// watch is what follows from it whether Slack lets us in.
func (t *tenant) watch(p *Parts, app install.App) slack.WardenOptions {
	w := t.self.ID
	o := slack.WardenOptions{
		Log: p.Log, Every: p.AskSlack, Spoke: p.Missed,
		Out:  func(reason string) { p.Gate.Shut(string(w), p.Now().Add(shutFor), reason) },
		Back: func() { p.Gate.Heal(string(w)) },
	}
	if app.Token != "" {
		o.Gone = func(ctx context.Context, reason string) error {
			return p.Keeper.Gone(ctx, string(w), app.Enterprise, reason)
		}
	}
	return o
}

// shut is what follows from it that Slack refuses a call for our sake. Of a workspace
// that an organisation takes our app out of the warden would hear nothing bad.
func (t *tenant) shut(p *Parts) func(error) {
	return func(err error) {
		if api.Ungranted(err) {
			p.relist()
			return
		}
		t.warden.Doubt()
	}
}

// meet makes what people of the workspace meet: the app's home, and what answers
// them.
func (t *tenant) meet(p *Parts) {
	read := reading{Store: p.Store, groups: t.groups}
	reach := home.NewReach(read, t.client, p.Now)
	t.homes = home.New(p.Store, t.client, reach, p.Installed, home.Options{
		Workspace: t.self.ID, Log: p.Log, Now: p.Now, Pace: paceOf(p.Config.Slack.Pace), Command: p.Config.Slack.Command, Level: p.Level,
	})
	t.front = front.New(p.Cases, read, t.client, p.Installed, front.Options{
		Book: p.Book, Drafts: drafts.New(p.Store, p.Now), Reach: reach, Homes: t.homes, Rates: rating.New(p.Store, p.Now), Now: p.Now, Log: p.Log,
		ReopenWithin: p.Config.Cases.ReopenWithin, Mail: p.Config.Mail.On(), Mentions: t.mentions.InSlack, Foresee: p.Cases.Foresee,
	})
}

// run does what a tenant does by itself, until ctx ends.
func (t *tenant) run(ctx context.Context, failed func(error)) {
	var loops sync.WaitGroup
	for _, loop := range []func(context.Context) error{t.directory.Run, t.homes.Run, t.warden.Run, t.emoji.Run, t.mentions.Run} {
		loops.Go(func() {
			if err := loop(ctx); err != nil && ctx.Err() == nil {
				failed(err)
			}
		})
	}
	loops.Wait()
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
