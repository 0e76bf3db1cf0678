package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"caseline/internal/slacksim/feed"
)

// getStream sends hints of what to fetch again, until the reader leaves or the
// server stops. It never says what changed, only where.
func (s *Server) getStream(w http.ResponseWriter, r *http.Request, me *reader) error {
	out := http.NewResponseController(w)
	sub := s.world.Subscribe()
	defer sub.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	// The first bytes tell the browser that from here on it hears everything.
	if _, err := fmt.Fprint(w, "retry: 1000\nevent: ready\ndata: {}\n\n"); err != nil {
		return gone(err)
	}
	beat := time.NewTicker(s.opts.Heartbeat)
	defer beat.Stop()
	for {
		if err := out.Flush(); err != nil {
			return gone(err)
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-s.stopped:
			return nil
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": alive\n\n"); err != nil {
				return gone(err)
			}
		case <-sub.C():
			for _, h := range sub.Take() {
				if !s.concerns(h, me) {
					continue
				}
				raw, err := json.Marshal(h)
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintf(w, "event: hint\ndata: %s\n\n", raw); err != nil {
					return gone(err)
				}
			}
		}
	}
}

// concerns reports whether a hint is about something the person can see.
func (s *Server) concerns(h feed.Hint, me *reader) bool {
	switch h.Kind {
	case feed.Channel:
		_, err := s.world.SeenChannel(me.me.ID, h.ID)
		_, there := s.world.Channel(h.ID)
		return err == nil || !there
	case feed.Sidebar, feed.View, feed.Home, feed.Ephemeral:
		return h.ID == me.me.ID
	case feed.Journal:
		return s.opts.Server != nil
	case feed.Workspace:
		return h.ID == me.workspace.ID
	}
	return false
}
