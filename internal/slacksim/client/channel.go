package client

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"caseline/internal/slacksim/world"
)

const (
	window    = 80   // messages a page shows at first
	maxWindow = 2000 // and at most
)

type channelView struct {
	ID        string
	Page      string
	Title     string
	Kind      world.ChannelKind
	Private   bool
	Topic     string
	Purpose   string
	Members   int
	Pins      int
	Faces     []face
	With      []face // of direct messages: the others
	App       string // whose home has this conversation
	AppTab    string // what that is called
	Archived  bool
	Joined    bool
	MayPost   bool
	General   bool
	Read      string   // ts up to which the person had read
	Latest    string   // ts of the newest message
	Shared    []string // other organisations in the channel
	Closed    string   // why nobody can write here
	ReadPanel string   // which panel is open: members, pins or none
}

// getChannel shows a channel, with a thread or a panel beside it if asked for.
func (s *Server) getChannel(w http.ResponseWriter, r *http.Request, me *reader) error {
	ch, err := s.world.SeenChannel(me.me.ID, r.PathValue("channel"))
	if err != nil {
		if now, ok := me.moved(r.PathValue("channel")); ok {
			http.Redirect(w, r, me.base+"/"+now.ID, http.StatusSeeOther)
			return nil
		}
		return s.showGone(w, r, me, goneChannel)
	}
	p := s.newPage(me)
	p.Channel = s.channel(p, ch)
	p.Title = p.Channel.Title + " · " + me.workspace.Name
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	limit = min(max(limit, window), maxWindow)
	ms, more, err := s.world.Messages(me.me.ID, ch.ID, world.Span{Limit: limit})
	if err != nil {
		return err
	}
	if more && limit < maxWindow {
		p.More = p.Channel.Page + "?limit=" + strconv.Itoa(min(limit+2*window, maxWindow))
	}
	if p.Items, err = s.items(p, ms, "", ""); err != nil {
		return err
	}
	if err := s.side(p, ch, r.URL.Query()); err != nil {
		return err
	}
	return s.show(w, r, p)
}

func (s *Server) channel(p *page, ch world.Channel) *channelView {
	me := p.me.me
	v := &channelView{
		ID: ch.ID, Page: p.Base + "/" + url.PathEscape(ch.ID), Title: ch.Name, Kind: ch.Kind, Private: ch.Kind == world.Private,
		Topic: ch.Topic.Value, Purpose: ch.Purpose.Value, Members: len(ch.Members), Archived: ch.Archived,
		Joined: ch.Has(me.ID), General: ch.General, Read: "0",
	}
	v.MayPost = v.Joined && !ch.Archived && (!ch.ReadOnly || me.Admin)
	for _, l := range s.world.Sidebar(me.ID) {
		if l.Channel.ID != ch.ID {
			continue
		}
		v.Read, v.Latest, v.Title = l.Read, l.Latest, l.Title
		for _, u := range l.With {
			v.With = append(v.With, p.me.face(u))
			if u.Bot && ch.Kind == world.Direct {
				app, _ := s.world.Apps.App(u.AppID)
				v.App, v.AppTab = u.AppID, firstTab(app)
			}
		}
	}
	for i, u := range s.world.Members(ch.ID) {
		if i < 3 {
			v.Faces = append(v.Faces, p.me.face(u))
		}
		if org := p.me.face(u).Org; org != "" && !slices.Contains(v.Shared, org) {
			v.Shared = append(v.Shared, org)
		}
	}
	v.Closed = v.closed(s, ch)
	v.MayPost = v.MayPost && v.Closed == ""
	if pins, err := s.world.Pins(me.ID, ch.ID); err == nil {
		v.Pins = len(pins)
	}
	return v
}

func (s *Server) postRead(w http.ResponseWriter, r *http.Request, me *reader) error {
	if err := s.world.MarkRead(me.me.ID, r.PathValue("channel"), r.FormValue("ts")); err != nil {
		return err
	}
	return done(w, "")
}

func (s *Server) postJoin(w http.ResponseWriter, r *http.Request, me *reader) error {
	if _, _, err := s.world.Join(me.me.ID, r.PathValue("channel")); err != nil {
		return err
	}
	return done(w, me.base+"/"+r.PathValue("channel"))
}

func (s *Server) postLeave(w http.ResponseWriter, r *http.Request, me *reader) error {
	if _, err := s.world.Leave(me.me.ID, r.PathValue("channel")); err != nil {
		return err
	}
	return done(w, me.base)
}

// postPeople adds people to a channel.
func (s *Server) postPeople(w http.ResponseWriter, r *http.Request, me *reader) error {
	_, problems, err := s.world.Invite(me.me.ID, r.PathValue("channel"), r.Form["people"], true)
	if err == nil && len(problems) > 0 {
		err = problems[0].Err
	}
	if err != nil {
		return err
	}
	return done(w, "")
}

func (s *Server) postTopic(w http.ResponseWriter, r *http.Request, me *reader) error {
	if _, err := s.world.SetTopic(me.me.ID, r.PathValue("channel"), r.FormValue("topic")); err != nil {
		return err
	}
	return done(w, "")
}

// postChannels creates a channel and leads there.
func (s *Server) postChannels(w http.ResponseWriter, r *http.Request, me *reader) error {
	kind := world.Public
	if r.FormValue("private") != "" {
		kind = world.Private
	}
	ch, err := s.world.CreateChannel(me.workspace.ID, me.me.ID, r.FormValue("name"), kind)
	if err != nil {
		return err
	}
	return done(w, me.base+"/"+ch.ID)
}

// postDirect opens a direct message and leads there.
func (s *Server) postDirect(w http.ResponseWriter, r *http.Request, me *reader) error {
	ch, _, err := s.world.OpenDirect(me.me.ID, r.Form["people"], true)
	if err != nil {
		return err
	}
	return done(w, me.base+"/"+ch.ID)
}

// done answers that it is done. The script goes to the address given, if any.
func done(w http.ResponseWriter, page string) error {
	if page != "" {
		w.Header().Set("X-Goto", page)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
