package slacksim

import (
	"cmp"
	"net/url"
	"strings"

	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/world"
)

// An App is an app, and how Install puts it into a workspace.
type App struct {
	ID               string // made up if empty
	Name             string
	BotName          string
	BotToken         string
	SigningSecret    string
	EventsURL        string
	CommandsURL      string // of commands without a URL of their own
	InteractivityURL string
	OptionsURL       string
	Commands         []world.Command
	Shortcuts        []world.Shortcut
	NoHome           bool     // it has no home tab
	Scopes           []string // AllScopes if nil
	Events           []string // AllEvents if nil
	SocketMode       bool
	AppToken         string // app-level, for connections
	DelayedEvents    bool

	// Of an app that is installed by OAuth. Client id and secret are made up if
	// empty.
	ClientID     string
	ClientSecret string
	RedirectURLs []string
	Optional     []string // of Scopes: whoever installs it may leave them out
	OrgReady     bool     // a whole organisation can install it
	Rotation     bool     // its tokens live half a day and are renewed
}

// Registered is a handle to an app, installed or not.
type Registered struct {
	ID           string
	ClientID     string
	ClientSecret string
	sim          *Server
}

// Installed is a handle to an app in a workspace.
type Installed struct {
	ID    string
	Bot   *User
	BotID string
	Token string // the newest, when the handle was made
}

// Register makes an app, or changes the one with the same ID. People then install
// it by OAuth: see Workspace.Allow.
func (s *Server) Register(a App) *Registered {
	if a.Scopes == nil {
		a.Scopes = AllScopes()
	}
	if a.Events == nil {
		a.Events = AllEvents()
	}
	commands := make([]world.Command, len(a.Commands))
	for i, c := range a.Commands {
		c.URL = cmp.Or(c.URL, a.CommandsURL)
		commands[i] = c
	}
	app, err := s.World.PutApp(world.App{
		ID: a.ID, Name: cmp.Or(a.Name, a.BotName), SigningSecret: a.SigningSecret, EventsURL: a.EventsURL,
		InteractivityURL: a.InteractivityURL, OptionsURL: a.OptionsURL, NoHome: a.NoHome, Commands: commands, Shortcuts: a.Shortcuts, Events: a.Events,
		SocketMode: a.SocketMode, AppTokens: appTokens(a.AppToken), DelayedEvents: a.DelayedEvents,
		BotName: a.BotName, ClientID: a.ClientID, ClientSecret: a.ClientSecret, RedirectURLs: a.RedirectURLs,
		Scopes: a.Scopes, Optional: a.Optional, OrgReady: a.OrgReady, Rotation: a.Rotation,
	})
	s.must(err)
	if !app.SocketMode {
		s.Sockets.Disable(app.ID)
	}
	return &Registered{ID: app.ID, ClientID: app.ClientID, ClientSecret: app.ClientSecret, sim: s}
}

// In is the app as it is installed in a workspace; nil if it is not.
func (a *Registered) In(ws *Workspace) *Installed {
	in, ok := a.sim.World.Apps.Installed(a.ID, ws.ID)
	if !ok || in.Revoked {
		return nil
	}
	return a.sim.installed(in)
}

func (s *Server) installed(in world.Installation) *Installed {
	u, _ := s.World.User(in.BotUser)
	return &Installed{ID: in.App, Bot: &User{ID: u.ID, Name: u.Name}, BotID: in.BotID, Token: in.Token}
}

// Install puts an app into the workspace, or changes it, without asking anybody.
func (ws *Workspace) Install(a App) *Installed {
	app := ws.sim.Register(a)
	row, _ := ws.sim.World.Apps.App(app.ID)
	in, err := oauth.Install(ws.sim.World, oauth.Grant{App: app.ID, Place: ws.ID, Bot: a.BotName, Token: a.BotToken, Scopes: row.Scopes})
	ws.sim.must(err)
	return ws.sim.installed(in)
}

// Allow has a person let an app into the workspace, on the page at the address
// to which the app sends them, and returns the address that they are sent back to.
// Without are the optional scopes that they leave out.
func (ws *Workspace) Allow(u *User, address string, without ...string) (string, error) {
	return ws.sim.allow(address, oauth.Consent{User: u.ID, Place: ws.ID, Without: without})
}

func (s *Server) allow(address string, given oauth.Consent) (string, error) {
	request, err := s.asked(address)
	if err != nil {
		return "", err
	}
	return request.Allow(s.World, given)
}

// Deny has a person refuse what Allow would grant.
func (s *Server) Deny(address string) (string, error) {
	request, err := s.asked(address)
	if err != nil {
		return "", err
	}
	return request.Deny(), nil
}

func (s *Server) asked(address string) (oauth.Request, error) {
	u, err := url.Parse(address)
	if err != nil {
		return oauth.Request{}, err
	}
	q := u.Query()
	if id, direct := strings.CutPrefix(u.Path, "/apps/"); direct {
		app, _ := s.World.Apps.App(id)
		q = oauth.Direct(app)
	}
	return oauth.Read(s.World, q)
}

// Direct is the address of the page on which an installation begins without the
// app's doing.
func (a *Registered) Direct() string { return a.sim.World.BaseURL() + "/apps/" + a.ID }
