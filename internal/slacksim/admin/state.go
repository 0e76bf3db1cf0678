package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

func (s *Server) getState(*http.Request) (any, error) {
	var spaces []any
	for _, ws := range s.sim.World.Workspaces() {
		var channels, installed []any
		for _, ch := range s.sim.World.AllChannels(ws.ID) {
			channels = append(channels, map[string]any{"channel": ch, "messages": s.messages(ch.ID)})
		}
		for _, app := range s.sim.World.Apps.In(ws.ID) {
			in, _ := s.sim.World.Apps.Installed(app.ID, ws.ID)
			installed = append(installed, in)
		}
		spaces = append(spaces, map[string]any{
			"workspace": ws, "people": s.sim.World.Users(ws.ID), "channels": channels, "installations": installed,
		})
	}
	return map[string]any{
		"ok": true, "now": s.sim.World.Now().UTC(), "organisations": s.organisations(), "workspaces": spaces, "apps": s.sim.World.Apps.All(),
		"sockets": s.sim.Sockets.Connections(""), "outages": s.outages(), "undelivered": s.sim.World.Undelivered(),
	}, nil
}

// organisations are all there are, with the apps that they have installed.
func (s *Server) organisations() []any {
	out := []any{}
	for _, org := range s.sim.World.Organisations() {
		var installed []any
		for _, in := range s.sim.World.Apps.Installs() {
			if in.Workspace == "" && in.Enterprise == org.ID && !in.Revoked {
				installed = append(installed, in)
			}
		}
		out = append(out, map[string]any{"organisation": org, "installations": installed})
	}
	return out
}

func (s *Server) messages(channel string) []any {
	out := []any{}
	for _, m := range s.sim.World.All(channel) {
		out = append(out, world.Message.Wire(m, true))
	}
	return out
}

func (s *Server) outages() map[string]bool {
	out := map[string]bool{}
	for _, o := range s.sim.Outages() {
		out[o.Name] = o.On
	}
	return out
}

// getJournal writes calls and requests to apps as lines of JSON, oldest first.
func (s *Server) getJournal(w http.ResponseWriter, r *http.Request) {
	var since time.Time
	if raw := r.FormValue("since"); raw != "" {
		var err error
		if since, err = time.Parse(time.RFC3339Nano, raw); err != nil {
			reply(w, nil, unreadable("since is no time: %v", err))
			return
		}
	}
	type line struct {
		at   time.Time
		What string `json:"what"` // call or attempt
		Of   any    `json:"of"`
	}
	var lines []line
	for _, c := range s.sim.Calls("") {
		lines = append(lines, line{c.At, "call", c})
	}
	for _, a := range s.sim.Attempts() {
		lines = append(lines, line{a.At, "attempt", a})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	e := json.NewEncoder(w)
	for _, l := range lines {
		if l.at.Before(since) {
			continue
		}
		if e.Encode(l) != nil {
			return // the reader has gone
		}
	}
}

func (s *Server) getClock(*http.Request) (any, error) {
	return map[string]any{"ok": true, "now": s.sim.World.Now().UTC(), "manual": s.sim.Manual()}, nil
}

func (s *Server) postClock(r *http.Request) (any, error) {
	var q struct {
		Advance span `json:"advance"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if q.Advance <= 0 {
		return nil, unreadable("advance is missing, or not forward")
	}
	err := s.sim.Advance(r.Context(), time.Duration(q.Advance))
	if errors.Is(err, slacksim.ErrNotManual) {
		err = failure{http.StatusConflict, "the clock is the wall's: start with -clock manual"}
	}
	if err != nil {
		return nil, err
	}
	return s.getClock(r)
}

func (s *Server) postWait(r *http.Request) (any, error) {
	var q struct {
		Timeout span `json:"timeout"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(cmp.Or(q.Timeout, span(10*time.Second))))
	defer cancel()
	if s.sim.Quiesce(ctx) != nil {
		return nil, failure{http.StatusConflict, "something is still under way; if the clock is manual it may have to be moved"}
	}
	return nil, nil
}
