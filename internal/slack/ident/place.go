package ident

import (
	"strings"

	"caseline/internal/desk"
)

// A Where is a place taken apart: a workspace, a channel in it and, if the
// place is a thread, the timestamp of its first message.
type Where struct {
	Workspace desk.WorkspaceID
	Channel   desk.ChannelID
	Thread    string
}

// Channel returns the place that is a whole channel.
func Channel(w desk.WorkspaceID, ch desk.ChannelID) desk.Place {
	return Where{Workspace: w, Channel: ch}.Place()
}

// Place returns the place: T1/C1 or T1/C1/1610241741.000200.
func (w Where) Place() desk.Place {
	p := string(w.Workspace) + "/" + string(w.Channel)
	if w.Thread != "" {
		p += "/" + w.Thread
	}
	return desk.Place(p)
}

// Split takes a place apart. ok is false for the empty place and for
// anything that Place did not make.
func Split(p desk.Place) (w Where, ok bool) {
	team, rest, ok := strings.Cut(string(p), "/")
	if !ok {
		return Where{}, false
	}
	channel, thread, threaded := strings.Cut(rest, "/")
	if team == "" || channel == "" || threaded && thread == "" || strings.Contains(thread, "/") {
		return Where{}, false
	}
	return Where{Workspace: desk.WorkspaceID(team), Channel: desk.ChannelID(channel), Thread: thread}, true
}

// Address is where a browser or Slack's own client opens the place, in the
// workspace at base, such as https://acme.slack.com/; empty if base is.
func (w Where) Address(base string) string {
	if base == "" {
		return ""
	}
	address := strings.TrimSuffix(base, "/") + "/archives/" + string(w.Channel)
	if w.Thread != "" {
		address += "/p" + strings.ReplaceAll(w.Thread, ".", "")
	}
	return address
}

// MessageAddress is where Slack opens the message at ts in the channel of w, which
// is a reply if w is a thread; empty if base is.
func (w Where) MessageAddress(base, ts string) string {
	root := w.Thread
	w.Thread = ts
	address := w.Address(base)
	if address != "" && root != "" && root != ts {
		address += "?thread_ts=" + root + "&cid=" + string(w.Channel)
	}
	return address
}

// Valid reports whether s looks like an id that Slack gave: letters and
// digits. Anything else would be ambiguous inside a place or an origin.
func Valid(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		default:
			return false
		}
	}
	return true
}
