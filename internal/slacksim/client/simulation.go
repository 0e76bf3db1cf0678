package client

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/client/markup"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/grid"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

// recent is how many calls and requests the simulation's pane lists.
const recent = 40

// A simulationView is the pane in which a person plays Slack itself: what
// happens to a channel, to an app, to the whole of Slack, and what was called.
type simulationView struct {
	Channel *handledChannel // nil where there is none to handle
	Apps    []handledApp
	Emoji   []markup.Emote // the workspace's own
	Outages []slacksim.Outage
	Watched bool // there is a server whose calls can be seen
	Recent  []happeningView
}

type handledChannel struct {
	ID, Name, Kind string
	Formerly       []string
	Archived       bool
	General        bool
}

type handledApp struct {
	ID, Name        string
	Installed, Here bool // in the workspace, in the channel
	Known           bool // it was installed in the workspace before
	Asks            bool // it can be installed by OAuth
	MayJoin         bool // there is a channel to put it into
}

type happeningView struct {
	Key, Clock string
	slacksim.Happening
}

// simulation draws the pane, if the address asks for it.
func (s *Server) simulation(p *page, r *http.Request) {
	if r.URL.Query().Get("panel") != "simulation" {
		return
	}
	v := &simulationView{Watched: s.opts.Server != nil}
	var ch world.Channel
	if p.Channel != nil && (p.Channel.Kind == world.Public || p.Channel.Kind == world.Private) {
		ch, _ = s.world.Channel(p.Channel.ID)
		v.Channel = &handledChannel{
			ID: ch.ID, Name: ch.Name, Kind: string(ch.Kind), Formerly: ch.Formerly, Archived: ch.Archived, General: ch.General,
		}
	}
	for _, app := range s.world.Apps.All() {
		in, known := s.world.Apps.Installed(app.ID, p.Workspace.ID)
		asks := len(app.RedirectURLs) > 0
		if !known && !asks {
			continue
		}
		v.Apps = append(v.Apps, handledApp{
			ID: app.ID, Name: cmp.Or(app.Name, app.BotName, app.ID), Installed: known && !in.Revoked, Known: known, Asks: asks,
			Here: ch.Has(in.BotUser), MayJoin: ch.ID != "" && !ch.Archived,
		})
	}
	for _, name := range slices.Sorted(maps.Keys(p.me.workspace.Emoji)) {
		picture, address, _ := p.me.Emoji(name)
		v.Emoji = append(v.Emoji, markup.Emote{Name: name, Picture: picture, Address: address})
	}
	if v.Watched {
		v.Outages = s.opts.Server.Outages()
		for _, h := range s.opts.Server.Recent(recent) {
			at := h.At.In(p.now.Location())
			v.Recent = append(v.Recent, happeningView{"h-" + h.At.Format(time.RFC3339Nano) + h.What, at.Format("15:04:05"), h})
		}
	}
	p.Side = &sideView{Kind: "simulation", Closed: r.URL.Path, Simulation: v}
}

// postSimulation does by hand what happens in Slack.
func (s *Server) postSimulation(w http.ResponseWriter, r *http.Request, me *reader) error {
	do := r.FormValue("do")
	if do == "outage" {
		if s.opts.Server == nil {
			return errNotFound
		}
		if err := s.opts.Server.SwitchOutage(r.FormValue("name"), r.FormValue("on") != ""); err != nil {
			return err
		}
		return done(w, "")
	}
	if do == "emoji-add" || do == "emoji-remove" {
		if err := s.handleEmoji(me, do == "emoji-add", strings.Trim(r.FormValue("name"), ":")); err != nil {
			return err
		}
		return done(w, "")
	}
	if app := r.FormValue("app"); app != "" {
		if err := s.handleApp(me, do, app, r.FormValue("channel")); err != nil {
			return err
		}
		return done(w, "")
	}
	next, err := s.handleChannel(me, do, r.FormValue("channel"))
	if err != nil {
		return err
	}
	return done(w, next)
}

// handleEmoji adds one of the workspace's own emoji, with a picture of its own, or
// takes it away.
func (s *Server) handleEmoji(me *reader, adds bool, name string) error {
	if !entity.IsEmojiName(name) || strings.Contains(name, ":") {
		return entity.ErrInvalidEmoji
	}
	ws := me.workspace
	ws.Emoji = entity.WithoutEmoji(ws.Emoji, name)
	if adds {
		ws.Emoji = entity.WithEmoji(ws.Emoji, name, s.world.BaseURL()+"/emoji/"+ws.ID+"/"+name+"/1.png")
	}
	_, err := s.world.PutWorkspace(ws)
	return err
}

// handleChannel lets something happen to a channel, and returns where its
// readers go from then on.
func (s *Server) handleChannel(me *reader, do, channel string) (next string, err error) {
	if _, err := s.world.SeenChannel(me.me.ID, channel); err != nil {
		return "", err
	}
	deeds := map[string]func(actor, channel string) error{
		"archive": s.world.ArchiveChannel, "unarchive": s.world.UnarchiveChannel, "public": s.world.MakePublic,
		"private": s.world.MakePrivate, "delete": s.world.DeleteChannel,
	}
	if do == "renumber" {
		id, err := s.world.ChangeChannelID(channel)
		return me.base + "/" + id + "?panel=simulation", err
	}
	deed, ok := deeds[do]
	if !ok {
		return "", errNotFound
	}
	return "", s.byAnyone(me, func(actor string) error { return deed(actor, channel) })
}

// byAnyone has the first person do it who may: the reader, or else somebody
// with more rights. Whoever plays Slack need not be an admin.
func (s *Server) byAnyone(me *reader, do func(actor string) error) error {
	err := do(me.me.ID)
	if err == nil {
		return nil
	}
	for _, u := range s.world.People(me.workspace.ID) {
		if u.ID != me.me.ID && do(u.ID) == nil {
			return nil
		}
	}
	return err
}

// handleApp lets something happen to an app.
func (s *Server) handleApp(me *reader, do, app, channel string) error {
	in, ok := s.world.Apps.Installed(app, me.workspace.ID)
	if !ok {
		return entity.ErrNotFound
	}
	switch {
	case in.OrgWide() && do == "uninstall":
		return grid.Expel(s.world, app, me.workspace.ID)
	case in.OrgWide() && do == "reinstall":
		return grid.Admit(s.world, app, me.workspace.ID)
	}
	switch do {
	case "uninstall":
		return oauth.Uninstall(s.world, app, me.workspace.ID)
	case "reinstall":
		_, err := oauth.Install(s.world, oauth.Grant{
			App: app, Place: me.workspace.ID, Bot: me.users[in.BotUser].RealName, Token: in.Token, Scopes: in.Scopes,
		})
		return err
	case "remove":
		return s.byAnyone(me, func(actor string) error { return s.world.Kick(actor, channel, in.BotUser) })
	case "add":
		return s.byAnyone(me, func(actor string) error {
			_, problems, err := s.world.Invite(actor, channel, []string{in.BotUser}, false)
			if err == nil && len(problems) > 0 {
				err = problems[0].Err
			}
			return err
		})
	}
	return person.Refusal("The simulation cannot do that.")
}
