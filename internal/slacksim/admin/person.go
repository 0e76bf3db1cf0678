package admin

import (
	"errors"
	"net/http"
	"strings"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// An act is what a person is to do.
type act struct {
	Workspace string   `json:"workspace"` // domain or id; the only one if empty
	Person    string   `json:"person"`    // name or id
	Channel   string   `json:"channel"`   // name, id, or @name for a direct message
	Text      string   `json:"text"`
	ThreadTS  string   `json:"thread_ts"`
	TS        string   `json:"ts"`
	Emoji     string   `json:"emoji"`
	What      string   `json:"what"`
	Picks     []string `json:"picks"`
	Ephemeral string   `json:"ephemeral"`
	Home      string   `json:"home"`
	App       string   `json:"app"`
	Callback  string   `json:"callback_id"`
	All       bool     `json:"all"`
}

// A scene is an act with those in it found.
type scene struct {
	act
	ws      *slacksim.Workspace
	user    *slacksim.User
	channel *slacksim.Channel // nil if none was named
}

// scene reads a request and finds who and what it names.
func (s *Server) scene(r *http.Request) (scene, error) {
	var a act
	if err := read(r, &a); err != nil {
		return scene{}, err
	}
	return s.find(a)
}

func (s *Server) find(a act) (scene, error) {
	sc := scene{act: a}
	var err error
	if sc.ws, err = s.workspace(a.Workspace); err != nil {
		return sc, err
	}
	if sc.user = s.user(sc.ws, a.Person); sc.user == nil {
		return sc, missing("person", a.Person)
	}
	if a.Channel != "" {
		sc.channel, err = s.channel(sc.ws, sc.user, a.Channel)
	}
	return sc, err
}

func (s *Server) workspace(name string) (*slacksim.Workspace, error) {
	all := s.sim.World.Workspaces()
	for _, ws := range all {
		if ws.Domain == name || ws.ID == name || (name == "" && len(all) == 1) {
			return s.sim.Workspace(ws.Domain), nil
		}
	}
	return nil, missing("workspace", name)
}

func (s *Server) user(ws *slacksim.Workspace, name string) *slacksim.User {
	for _, u := range s.sim.World.Users(ws.ID) {
		if u.ID == name || u.Name == name {
			return &slacksim.User{ID: u.ID, Name: u.Name}
		}
	}
	return nil
}

func (s *Server) channel(ws *slacksim.Workspace, from *slacksim.User, name string) (*slacksim.Channel, error) {
	if to, ok := strings.CutPrefix(name, "@"); ok {
		other := s.user(ws, to)
		if other == nil {
			return nil, missing("person", to)
		}
		ch, _, err := s.sim.World.OpenDirect(from.ID, []string{other.ID}, true)
		return ws.ChannelByID(ch.ID), err
	}
	name = strings.TrimPrefix(name, "#")
	if ch := ws.Channel(name); ch != nil {
		return ch, nil
	}
	if ch, ok := s.sim.World.Channel(name); ok && ch.Workspace == ws.ID {
		return ws.ChannelByID(ch.ID), nil
	}
	return nil, missing("channel", name)
}

// inChannel is scene for what needs a channel.
func (s *Server) inChannel(r *http.Request) (scene, error) {
	sc, err := s.scene(r)
	if err == nil && sc.channel == nil {
		err = unreadable("channel is missing")
	}
	return sc, err
}

func (s *Server) postPost(r *http.Request) (any, error) {
	sc, err := s.inChannel(r)
	if err != nil {
		return nil, err
	}
	m, err := s.sim.People.Post(person.Draft{User: sc.user.ID, Channel: sc.channel.ID, ThreadTS: sc.ThreadTS, Text: sc.Text})
	return map[string]any{"ok": true, "channel": sc.channel.ID, "ts": m.TS}, err
}

func (s *Server) postEdit(r *http.Request) (any, error) {
	sc, err := s.inChannel(r)
	if err != nil {
		return nil, err
	}
	_, err = s.sim.People.Edit(sc.user.ID, sc.channel.ID, sc.TS, sc.Text)
	return nil, err
}

func (s *Server) postDelete(r *http.Request) (any, error) {
	sc, err := s.inChannel(r)
	if err != nil {
		return nil, err
	}
	return nil, s.sim.World.Delete(sc.user.ID, sc.channel.ID, sc.TS)
}

func (s *Server) postReact(r *http.Request) (any, error) {
	sc, err := s.inChannel(r)
	if err != nil {
		return nil, err
	}
	return nil, s.sim.World.React(sc.user.ID, sc.channel.ID, sc.TS, strings.Trim(sc.Emoji, ":"))
}

func (s *Server) postCommand(r *http.Request) (any, error) {
	sc, err := s.inChannel(r)
	if err != nil {
		return nil, err
	}
	a, err := sc.channel.Command(r.Context(), sc.user, sc.Text)
	if err != nil {
		return nil, err
	}
	return map[string]any{"ok": true, "private": private(a.Private), "form": shown(a.Form)}, nil
}

func (s *Server) postShortcut(r *http.Request) (any, error) {
	sc, err := s.scene(r)
	if err != nil {
		return nil, err
	}
	app := ""
	for _, a := range s.sim.World.Apps.In(sc.ws.ID) {
		for _, have := range a.Shortcuts {
			if have.CallbackID == sc.Callback && (sc.App == "" || sc.App == a.ID) {
				app = a.ID
			}
		}
	}
	if sc.channel != nil {
		err = s.sim.People.RunOnMessage(r.Context(), sc.user.ID, app, sc.Callback, sc.channel.ID, sc.TS)
	} else {
		err = s.sim.People.RunShortcut(r.Context(), sc.user.ID, app, sc.Callback)
	}
	return s.screenOf(sc), err
}

// errNoForm says that a person has no form open.
var errNoForm = errors.New("no form is open")

func (s *Server) postPress(r *http.Request) (any, error) {
	sc, err := s.scene(r)
	if err != nil {
		return nil, err
	}
	switch {
	case sc.Ephemeral != "":
		err = missing("message", sc.Ephemeral)
		for _, e := range sc.ws.Ephemerals(sc.user) {
			if e.ID == sc.Ephemeral {
				err = e.Press(r.Context(), sc.What, sc.Picks...)
			}
		}
	case sc.Home != "":
		err = sc.ws.HomeOf(sc.user, &slacksim.Installed{ID: sc.Home}).Press(r.Context(), sc.What, sc.Picks...)
	case sc.channel != nil:
		err = sc.channel.Message(sc.TS).Press(r.Context(), sc.user, sc.What, sc.Picks...)
	default:
		f := sc.ws.View(sc.user)
		if f == nil {
			return nil, errNoForm
		}
		err = f.Press(r.Context(), sc.What, sc.Picks...)
	}
	return s.screenOf(sc), err
}

// inForm is scene for what needs an open form.
func (s *Server) inForm(r *http.Request) (scene, *slacksim.Form, error) {
	sc, err := s.scene(r)
	if err != nil {
		return sc, nil, err
	}
	f := sc.ws.View(sc.user)
	if f == nil {
		return sc, nil, errNoForm
	}
	return sc, f, nil
}

func (s *Server) postFill(r *http.Request) (any, error) {
	sc, f, err := s.inForm(r)
	if err != nil {
		return nil, err
	}
	return nil, f.Set(r.Context(), sc.What, sc.Picks...)
}

func (s *Server) postSearch(r *http.Request) (any, error) {
	sc, f, err := s.inForm(r)
	if err != nil {
		return nil, err
	}
	offers, err := f.Suggest(r.Context(), sc.What, sc.Text)
	groups := []any{}
	for _, o := range offers {
		groups = append(groups, map[string]any{"label": o.Label, "options": o.Options})
	}
	return map[string]any{"ok": true, "groups": groups}, err
}

func (s *Server) postSubmit(r *http.Request) (any, error) {
	sc, f, err := s.inForm(r)
	if err != nil {
		return nil, err
	}
	problems, err := f.Submit(r.Context())
	return map[string]any{"ok": true, "errors": problems, "form": shown(sc.ws.View(sc.user))}, err
}

func (s *Server) postClose(r *http.Request) (any, error) {
	sc, f, err := s.inForm(r)
	if err != nil {
		return nil, err
	}
	if sc.All {
		return nil, f.CloseAll(r.Context())
	}
	return nil, f.Close(r.Context())
}

func (s *Server) postHome(r *http.Request) (any, error) {
	sc, err := s.scene(r)
	if err != nil {
		return nil, err
	}
	if _, ok := s.sim.World.Apps.Installed(sc.App, sc.ws.ID); !ok {
		return nil, missing("app", sc.App)
	}
	if err := s.sim.World.OpenHome(sc.App, sc.user.ID, "home"); err != nil {
		return nil, err
	}
	v, _ := s.sim.World.Home(sc.App, sc.user.ID)
	return map[string]any{"ok": true, "view": v.Wire()}, nil
}

func (s *Server) getScreen(r *http.Request) (any, error) {
	sc, err := s.find(act{Workspace: r.FormValue("workspace"), Person: r.FormValue("person")})
	if err != nil {
		return nil, err
	}
	return s.screenOf(sc), nil
}

// screenOf is what stands before a person.
func (s *Server) screenOf(sc scene) any {
	return map[string]any{"ok": true, "form": shown(sc.ws.View(sc.user)), "private": private(s.sim.Screens.Ephemerals(sc.user.ID))}
}

// private are the messages that only one person sees.
func private(list []screen.Ephemeral) []any {
	out := []any{}
	for _, e := range list {
		out = append(out, map[string]any{
			"id": e.ID, "channel": e.Channel, "thread_ts": e.ThreadTS, "app": e.App, "text": e.Text, "blocks": e.Blocks, "attachments": e.Attachments,
		})
	}
	return out
}

// shown is a form as its reader sees it; nil if there is none.
func shown(f *slacksim.Form) any {
	if f == nil {
		return nil
	}
	v, open := f.Now()
	if !open {
		return nil
	}
	return map[string]any{"id": v.ID, "title": f.Title(), "labels": f.Labels(), "errors": v.Errors, "view": world.View.Wire(v)}
}
