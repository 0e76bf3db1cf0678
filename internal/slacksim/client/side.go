package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"html/template"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// A sideView is the pane beside a channel: a thread, its people or its pins.
type sideView struct {
	Kind       string // thread, members, pins or simulation
	Root       string // of a thread
	Items      []item
	Replies    int
	Gone       bool
	People     []face
	Simulation *simulationView
	Closed     string // the address without the pane
}

// side draws the pane that the address asks for.
func (s *Server) side(p *page, ch world.Channel, query url.Values) error {
	root, panel := query.Get("thread"), query.Get("panel")
	v := &sideView{Kind: "thread", Root: root, Closed: p.Channel.Page}
	var err error
	switch {
	case root != "":
		err = s.thread(p, v, ch)
	case panel == "members":
		v.Kind = panel
		for _, u := range s.world.Members(ch.ID) {
			v.People = append(v.People, p.me.face(u))
		}
	case panel == "pins":
		v.Kind = panel
		err = s.pins(p, v, ch)
	default:
		return nil
	}
	p.Side, p.Channel.ReadPanel = v, v.Kind
	return err
}

func (s *Server) thread(p *page, v *sideView, ch world.Channel) error {
	ms, _, err := s.world.Thread(p.me.me.ID, ch.ID, v.Root, world.Span{Limit: maxWindow})
	if errors.Is(err, entity.ErrThreadNotFound) {
		v.Gone = true
		return nil
	}
	if err != nil {
		return err
	}
	v.Replies = len(ms) - 1
	v.Items, err = s.items(p, ms, v.Root, "t-")
	return err
}

func (s *Server) pins(p *page, v *sideView, ch world.Channel) error {
	ms, err := s.world.Pins(p.me.me.ID, ch.ID)
	if err != nil {
		return err
	}
	for _, m := range ms {
		mv, err := s.message(p, m, "p-")
		if err != nil {
			return err
		}
		v.Items = append(v.Items, item{Key: mv.Key, Message: mv})
	}
	return nil
}

// A modalView is the form on top of what a person has open.
type modalView struct {
	ID, Hash       string
	App            face
	Title          template.HTML
	Submit, Close  template.HTML
	SubmitDisabled bool
	Stacked        bool // there is one below
	Blocks         template.HTML
}

// modal draws the open form, if there is one.
func (s *Server) modal(p *page) error {
	view, ok := s.screens.OpenView(p.me.me.ID)
	if !ok {
		return nil
	}
	w := p.me.text()
	label := func(o map[string]any) template.HTML { return w.Plain(blockkit.Str(o, "text"), true) }
	v := &modalView{
		ID: view.ID, Hash: view.Hash, Title: label(view.Title), Submit: label(view.Submit), Close: label(view.Close),
		SubmitDisabled: view.SubmitDisabled, Stacked: view.Previous != "", App: p.appFace(s, view.App),
	}
	if v.Close == "" {
		v.Close = "Close"
		if v.Submit != "" {
			v.Close = "Cancel"
		}
	}
	var err error
	v.Blocks, err = p.blocks("v-"+view.ID, view.Blocks, func(k *kit.Surface) { k.State, k.Errors = view.State, view.Errors })
	p.Modal = v
	return err
}

func (p *page) appFace(s *Server, app string) face {
	in, _ := s.world.Apps.Installed(app, p.Workspace.ID)
	return p.me.face(p.me.users[in.BotUser])
}

// An appView is an app's own place: its home tab.
type appView struct {
	ID, Name    string
	Tab         string // what its first tab is called
	Description string
	Face        face
	View        string // of the home tab, if the app has published one
	Blocks      template.HTML
	Messages    string // the page of the direct messages, if there are any
	Commands    []world.Command
}

// getApp shows an app's home tab.
func (s *Server) getApp(w http.ResponseWriter, r *http.Request, me *reader) error {
	in, ok := s.world.Apps.Installed(r.PathValue("app"), me.workspace.ID)
	app, _ := s.world.Apps.App(in.App)
	if !ok || in.Revoked {
		return s.showGone(w, r, me, goneApp)
	}
	p := s.newPage(me)
	p.Title = app.Name + " · " + me.workspace.Name
	v := &appView{ID: app.ID, Name: app.Name, Tab: firstTab(app), Description: app.Description, Face: p.appFace(s, app.ID), Commands: app.Commands}
	if home, ok := s.world.Home(app.ID, me.me.ID); ok {
		v.View = home.ID
		var err error
		v.Blocks, err = p.blocks("v-"+home.ID, home.Blocks, func(k *kit.Surface) { k.State = home.State })
		if err != nil {
			return fmt.Errorf("draw the home of %s: %w", app.ID, err)
		}
	}
	for _, l := range s.world.Sidebar(me.me.ID) {
		if l.Channel.Kind == world.Direct && l.Channel.Has(in.BotUser) {
			v.Messages = me.base + "/" + l.Channel.ID
		}
	}
	p.App = v
	return s.show(w, r, p)
}

// firstTab is what the first tab of an app is called: only apps with a home
// have one.
func firstTab(app world.App) string {
	if app.NoHome {
		return "About"
	}
	return "Home"
}

// postOpened tells the app that a person looks at its home tab or its messages.
func (s *Server) postOpened(w http.ResponseWriter, r *http.Request, me *reader) error {
	tab := "home"
	if r.FormValue("tab") == "messages" {
		tab = "messages"
	}
	if err := s.world.OpenHome(r.PathValue("app"), me.me.ID, tab); err != nil {
		return err
	}
	return done(w, "")
}
