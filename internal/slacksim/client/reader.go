package client

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/client/markup"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/look"
	"caseline/internal/slacksim/world"
)

// A reader is the person a page is for, and what they can see by name.
type reader struct {
	server    *Server
	workspace world.Workspace
	me        world.User
	base      string // of all their addresses
	users     map[string]world.User
	tones     map[string]int // of avatars
	channels  map[string]world.Channel
}

// as finds the person in the address.
func (s *Server) as(h func(w http.ResponseWriter, r *http.Request, me *reader) error) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		me, err := s.reader(r.PathValue("ws"), r.PathValue("person"))
		if err != nil {
			return err
		}
		if r.Method == http.MethodPost {
			if err := s.form(w, r); err != nil {
				return err
			}
		}
		return h(w, r, me)
	}
}

// form reads what was sent, files too. Browsers send lines with CR LF; Slack
// keeps LF.
func (s *Server) form(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, s.opts.MaxUpload)
	if err := r.ParseMultipartForm(8 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return errors.Join(errUnreadable, err)
	}
	for _, values := range r.Form {
		for i, v := range values {
			values[i] = strings.ReplaceAll(v, "\r\n", "\n")
		}
	}
	return nil
}

// reader returns the person with that handle or id in the workspace with that
// id or domain.
func (s *Server) reader(workspace, who string) (*reader, error) {
	ws, ok := s.workspace(workspace)
	if !ok {
		return nil, errNotFound
	}
	r := &reader{server: s, workspace: ws, users: map[string]world.User{}, tones: map[string]int{}, channels: map[string]world.Channel{}}
	for i, u := range s.world.Users(ws.ID) {
		r.users[u.ID], r.tones[u.ID] = u, i%look.Tones
		if u.Name == who || u.ID == who {
			r.me = u
		}
	}
	if r.me.ID == "" || r.me.Bot || r.me.Deleted {
		return nil, errNotFound
	}
	r.base = personBase(ws, r.me)
	for _, ch := range s.world.SeenChannels(ws.ID, r.me.ID) {
		r.channels[ch.ID] = ch
	}
	return r, nil
}

func (s *Server) workspace(name string) (world.Workspace, bool) {
	all := s.world.Workspaces()
	i := slices.IndexFunc(all, func(ws world.Workspace) bool { return ws.ID == name || ws.Domain == name })
	if i < 0 {
		return world.Workspace{}, false
	}
	return all[i], true
}

func personBase(ws world.Workspace, u world.User) string {
	return "/client/" + url.PathEscape(ws.ID) + "/" + url.PathEscape(u.Name)
}

// Person implements markup.Names.
func (r *reader) Person(id string) (shown, handle string, ok bool) {
	u, ok := r.users[id]
	return u.Shown(), u.Name, ok
}

// Channel implements markup.Names.
func (r *reader) Channel(id string) (name, page string, ok bool) {
	ch, ok := r.channels[id]
	if !ok || ch.Name == "" {
		return "", "", false
	}
	return ch.Name, r.base + "/" + ch.ID, true
}

// Group implements markup.Names.
func (r *reader) Group(id string) (handle string, mine, ok bool) {
	for _, g := range r.server.world.Groups(r.workspace.ID) {
		if g.ID == id {
			return g.Handle, g.Has(r.me.ID), true
		}
	}
	return "", false, false
}

// Emoji implements markup.Names.
func (r *reader) Emoji(name string) (picture, address string, ok bool) {
	address, common, ok := entity.EmojiOf(r.workspace.Emoji, name)
	if ok && address == "" {
		picture, ok = markup.Emoji(common)
	}
	return picture, address, ok
}

// Page implements markup.Names.
func (r *reader) Page(address string) string {
	rest, ok := strings.CutPrefix(address, r.server.world.BaseURL()+"/archives/")
	if !ok || r.server.world.BaseURL() == "" {
		return ""
	}
	channel, p, _ := strings.Cut(rest, "/")
	if _, ok := r.channels[channel]; !ok {
		return ""
	}
	p, query, _ := strings.Cut(p, "?")
	return r.base + "/" + channel + linked(p, query)
}

// linked turns the end of a permalink, p1610241741000200?thread_ts=…, into the
// end of our own address of the same message.
func linked(p, query string) string {
	digits := strings.TrimPrefix(p, "p")
	if len(digits) <= 6 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	out := "#m-" + digits[:len(digits)-6] + "." + digits[len(digits)-6:]
	if values, err := url.ParseQuery(query); err == nil && values.Get("thread_ts") != "" {
		out = "?thread=" + url.QueryEscape(values.Get("thread_ts")) + out
	}
	return out
}

func (r *reader) text() markup.Writer {
	return markup.Writer{Names: r, Viewer: r.me.ID, Zone: r.server.opts.Zone}
}

// surface is where blocks stand for this reader.
func (r *reader) surface(id string) kit.Surface {
	s := kit.Surface{ID: id, Text: r.text()}
	for _, u := range r.server.world.People(r.workspace.ID) {
		s.People = append(s.People, kit.Option{Value: u.ID, Label: u.Shown(), Extra: "@" + u.Name})
	}
	for _, ch := range r.channels {
		if ch.Name != "" && !ch.Archived {
			s.Channels = append(s.Channels, kit.Option{Value: ch.ID, Label: "#" + ch.Name})
		}
	}
	slices.SortFunc(s.Channels, func(a, b kit.Option) int { return strings.Compare(a.Label, b.Label) })
	return s
}
