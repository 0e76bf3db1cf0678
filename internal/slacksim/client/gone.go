package client

import (
	"net/http"
	"slices"

	"caseline/internal/slacksim/world"
)

// A goneView says that there is nothing at an address any more.
type goneView struct{ Title, Text string }

var (
	goneChannel = goneView{"This channel is gone", "It was deleted, or you are not in it any more. Its messages cannot be read."}
	goneApp     = goneView{"This app is not here", "It was removed from the workspace. An admin can install it again."}
)

// showGone shows the frame of the client around the news that there is nothing.
func (s *Server) showGone(w http.ResponseWriter, r *http.Request, me *reader, v goneView) error {
	p := s.newPage(me)
	p.Title, p.Gone, p.status = v.Title+" · "+me.workspace.Name, &v, http.StatusNotFound
	return s.show(w, r, p)
}

// moved returns the channel that had an id before it got another.
func (r *reader) moved(id string) (world.Channel, bool) {
	for _, ch := range r.channels {
		if slices.Contains(ch.Formerly, id) {
			return ch, true
		}
	}
	return world.Channel{}, false
}

// closed says why nobody can write in a conversation, if that is so for a
// reason that lies in it.
func (v *channelView) closed(s *Server, ch world.Channel) string {
	switch {
	case v.Archived:
		return "This channel is archived. Its messages can be read, and nothing new can be posted."
	case ch.Kind != world.Direct || len(v.With) != 1:
		return ""
	case v.With[0].Gone:
		return v.With[0].Name + "’s account is deactivated: messages cannot reach them any more."
	case v.App != "":
		if in, _ := s.world.Apps.Installed(v.App, ch.Workspace); in.Revoked {
			return v.With[0].Name + " was removed from the workspace: messages cannot reach it any more."
		}
	}
	return ""
}
