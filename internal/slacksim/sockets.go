package slacksim

import (
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/socket"
	"caseline/internal/slacksim/world"
)

// appTokens is the list with one token for connections and installations, or none.
func appTokens(token string) []entity.AppToken {
	if token == "" {
		return nil
	}
	return []entity.AppToken{{Token: token, Scopes: []string{"authorizations:read", "connections:write"}}}
}

// SetSocketMode switches an app's Socket Mode on or off. Off, its connections
// are told so and end, and everything goes to its addresses again.
func (s *Server) SetSocketMode(app *Installed, on bool) {
	s.change(app, func(a *world.App) { a.SocketMode = on })
	if !on {
		s.Sockets.Disable(app.ID)
	}
}

// SetEvents switches an app's events on or off, as its owner does by hand after
// Slack has switched them off.
func (s *Server) SetEvents(app *Installed, on bool) {
	s.change(app, func(a *world.App) { a.EventsOff = !on })
}

// SetDelayedEvents switches an app's Delayed Events on or off.
func (s *Server) SetDelayedEvents(app *Installed, on bool) {
	s.change(app, func(a *world.App) { a.DelayedEvents = on })
}

func (s *Server) change(app *Installed, alter func(*world.App)) {
	row, _ := s.World.Apps.App(app.ID)
	alter(&row)
	_, err := s.World.PutApp(row)
	s.must(err)
}

// Connections returns the sockets of an app, the oldest first. Their ids are for
// Ghost and Drop of Server.Sockets, which also has what can go wrong with all of
// an app's: Warn, Refresh, Delay and Redeliver.
func (s *Server) Connections(app *Installed) []socket.Connection {
	return s.Sockets.Connections(app.ID)
}
