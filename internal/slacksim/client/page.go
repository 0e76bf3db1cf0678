package client

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// A page is everything one address shows. Its regions are drawn apart.
type page struct {
	Title     string
	Assets    string
	Base      string
	Workspace world.Workspace
	Me        face
	People    []face
	Sidebar   sidebarView
	Channel   *channelView
	App       *appView
	Items     []item
	More      string // where older messages are, if there are any
	Side      *sideView
	Modal     *modalView
	Shortcuts []shortcutView // of messages
	Quick     []emojiView
	Joinable  []world.Channel
	Archived  []world.Channel

	Gone    *goneView // instead of a channel or an app
	Here    string    // the address of the page itself
	Trouble int       // outages that are on

	me      *reader
	status  int // OK if zero
	surface kit.Surface
	now     time.Time
}

type shortcutView struct{ App, AppName, Callback, Name, Description string }

type emojiView struct{ Name, Picture string }

// regions are the parts of a page that can be fetched alone.
var regions = []string{"sidebar", "main", "side", "modal", "menus"}

func (s *Server) newPage(me *reader) *page {
	p := &page{
		Title: me.workspace.Name, Assets: s.assets.base(), Base: me.base, Workspace: me.workspace, Me: me.face(me.me),
		me: me, surface: me.surface(""), now: s.world.Now().In(s.opts.Zone), Quick: quickEmoji(),
	}
	for _, u := range s.world.People(me.workspace.ID) {
		p.People = append(p.People, me.face(u))
	}
	for _, a := range s.world.Apps.In(me.workspace.ID) {
		for _, sc := range a.Shortcuts {
			if sc.OnMessage {
				p.Shortcuts = append(p.Shortcuts, shortcutView{a.ID, a.Name, sc.CallbackID, sc.Name, sc.Description})
			}
		}
	}
	p.Joinable = s.world.Browse(me.me.ID)
	for _, ch := range me.channels {
		if ch.Archived {
			p.Archived = append(p.Archived, ch)
		}
	}
	slices.SortFunc(p.Archived, entity.ByName)
	return p
}

// blocks draws blocks on this page. Key is unique on it.
func (p *page) blocks(key string, blocks []kit.Object, alter func(*kit.Surface)) (template.HTML, error) {
	s := p.surface
	s.ID = key
	if alter != nil {
		alter(&s)
	}
	return p.me.server.kit.Blocks(s, blocks)
}

// show writes the page, or only the regions asked for: and the main one in any case
// when that says what is gone, whatever a reader asks for at its address.
func (s *Server) show(w http.ResponseWriter, r *http.Request, p *page) error {
	p.Sidebar, p.Here = s.sidebar(p), r.URL.Path
	s.simulation(p, r)
	if s.opts.Server != nil {
		for _, o := range s.opts.Server.Outages() {
			if o.On {
				p.Trouble++
			}
		}
	}
	s.switches(p)
	if err := s.modal(p); err != nil {
		return err
	}
	names := []string{"page"}
	if parts := r.URL.Query().Get("parts"); parts != "" {
		names = names[:0]
		for _, region := range regions {
			if strings.Contains(","+parts+",", ","+region+",") || region == "main" && p.Gone != nil {
				names = append(names, region)
			}
		}
	} else {
		s.remember(w, p)
	}
	var b strings.Builder
	for _, name := range names {
		if err := s.pages.ExecuteTemplate(&b, name, p); err != nil {
			return fmt.Errorf("draw the %s of a page: %w", name, err)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(cmp.Or(p.status, http.StatusOK))
	_, err := w.Write([]byte(b.String()))
	return gone(err)
}

// switches lets people become others without leaving the channel, where those
// can see it.
func (s *Server) switches(p *page) {
	if p.Channel == nil {
		return
	}
	for i, f := range p.People {
		if _, err := s.world.SeenChannel(f.ID, p.Channel.ID); err == nil {
			p.People[i].Page += "/" + p.Channel.ID
		}
	}
}

// gone drops the error of an answer whose reader has left.
func gone(error) error { return nil }

// remember notes in the browser who looked last, for links that name nobody.
func (s *Server) remember(w http.ResponseWriter, p *page) {
	http.SetCookie(w, &http.Cookie{
		Name: "person", Value: url.QueryEscape(p.Workspace.ID + "/" + p.Me.Handle), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// getStart lists the workspaces and their people, to choose who to be.
func (s *Server) getStart(w http.ResponseWriter, r *http.Request) error {
	type choice struct {
		Workspace world.Workspace
		People    []face
	}
	var list []choice
	for _, ws := range s.world.Workspaces() {
		if want := r.PathValue("ws"); want != "" && want != ws.ID && want != ws.Domain {
			continue
		}
		c := choice{Workspace: ws}
		for _, u := range s.world.People(ws.ID) {
			me, err := s.reader(ws.ID, u.ID)
			if err != nil {
				return err
			}
			c.People = append(c.People, me.face(u))
		}
		list = append(list, c)
	}
	if len(list) == 0 && r.PathValue("ws") != "" {
		return errNotFound
	}
	var b strings.Builder
	data := struct {
		Assets string
		List   []choice
	}{s.assets.base(), list}
	if err := s.pages.ExecuteTemplate(&b, "start", data); err != nil {
		return fmt.Errorf("draw the start page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := w.Write([]byte(b.String()))
	return gone(err)
}

// getPerson leads to a person's first channel.
func (s *Server) getPerson(w http.ResponseWriter, r *http.Request, me *reader) error {
	lines := s.world.Sidebar(me.me.ID)
	if len(lines) == 0 {
		return s.show(w, r, s.newPage(me))
	}
	first := lines[0].Channel.ID
	for _, l := range lines {
		if l.Channel.General {
			first = l.Channel.ID
		}
	}
	http.Redirect(w, r, me.base+"/"+first, http.StatusSeeOther)
	return nil
}

// getArchive leads from a permalink to the message, as the person who looked
// last or else anybody who can see it.
func (s *Server) getArchive(w http.ResponseWriter, r *http.Request) error {
	ch, ok := s.world.Channel(r.PathValue("channel"))
	if !ok {
		return errNotFound
	}
	who := ""
	if c, err := r.Cookie("person"); err == nil {
		value, _ := url.QueryUnescape(c.Value)
		if ws, name, _ := strings.Cut(value, "/"); ws == ch.Workspace {
			who = name
		}
	}
	for _, u := range s.world.People(ch.Workspace) {
		if _, err := s.world.SeenChannel(u.ID, ch.ID); err == nil && (who == "" || u.Name == who) {
			ws, _ := s.world.Workspace(ch.Workspace)
			http.Redirect(w, r, personBase(ws, u)+"/"+ch.ID+linked(r.PathValue("p"), r.URL.RawQuery), http.StatusSeeOther)
			return nil
		}
	}
	return errNotFound
}
