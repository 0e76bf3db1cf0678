package client

import (
	"cmp"
	"net/url"

	"caseline/internal/slacksim/look"
	"caseline/internal/slacksim/world"
)

// A face is how a person or app is shown: a picture made of initials.
type face struct {
	ID       string
	Name     string
	Handle   string
	Title    string
	Initials string
	Tone     int
	App      bool
	Guest    bool
	Org      string // of another organisation: which
	Gone     bool   // deactivated
	Picture  string // an address, if there is one
	Emoji    string // or an emoji
	Page     string // where one becomes this person
}

func (r *reader) face(u world.User) face {
	return face{
		ID: u.ID, Name: u.Shown(), Handle: u.Name, Title: u.Title, Initials: look.Initials(u.Shown()), Tone: r.tones[u.ID],
		App: u.Bot, Guest: u.Restricted || u.UltraRestricted, Org: org(u), Gone: u.Deleted, Page: personBase(r.workspace, u),
	}
}

// org is the other organisation that a user is of, or nothing.
func org(u world.User) string {
	if !u.Stranger() {
		return ""
	}
	return cmp.Or(u.HomeName, u.Home)
}

type sidebarView struct {
	Channels []lineView
	Direct   []lineView
	Apps     []lineView
}

type lineView struct {
	ID       string // of the channel
	Page     string
	Title    string
	Private  bool
	Unread   bool
	Mentions int
	Current  bool
	Face     face
	Several  int // people in a group's direct message
}

// sidebar lists a person's channels, direct messages and apps.
func (s *Server) sidebar(p *page) sidebarView {
	var v sidebarView
	apps := map[string]lineView{}
	for _, a := range s.world.Apps.In(p.Workspace.ID) {
		in, _ := s.world.Apps.Installed(a.ID, p.Workspace.ID)
		apps[in.BotUser] = lineView{Page: p.Base + "/apps/" + a.ID, Title: a.Name, Face: p.me.face(p.me.users[in.BotUser]), Current: p.App != nil && p.App.ID == a.ID}
	}
	for _, l := range s.world.Sidebar(p.me.me.ID) {
		line := lineView{
			ID: l.Channel.ID, Page: p.Base + "/" + url.PathEscape(l.Channel.ID), Title: l.Title, Private: l.Channel.Kind == world.Private,
			Unread: l.Unread > 0, Mentions: l.Mentions, Current: p.Channel != nil && p.Channel.ID == l.Channel.ID,
		}
		if l.Channel.Kind == world.Public || l.Channel.Kind == world.Private {
			v.Channels = append(v.Channels, line)
			continue
		}
		if len(l.With) == 1 {
			line.Face = p.me.face(l.With[0])
			if app, ok := apps[l.With[0].ID]; ok {
				app.ID, app.Unread, app.Mentions, app.Current = line.ID, line.Unread, line.Mentions, app.Current || line.Current
				if line.Unread {
					app.Page = line.Page
				}
				apps[l.With[0].ID] = app
				continue
			}
		}
		line.Several = len(l.With)
		v.Direct = append(v.Direct, line)
	}
	for _, u := range s.world.Users(p.Workspace.ID) {
		if app, ok := apps[u.ID]; ok {
			v.Apps = append(v.Apps, app)
		}
	}
	return v
}
