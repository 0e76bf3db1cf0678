package ident

import (
	"net/url"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// A Typed is a channel as somebody named it: by its id, or by a link, which says
// in which workspace it is by its id or by its address. What it does not say is
// empty.
type Typed struct {
	Channel   desk.ChannelID
	Workspace desk.WorkspaceID
	Host      string // acme.slack.com
}

// ReadChannel reads what somebody typed or pasted to name a channel: C0123456789,
// https://acme.slack.com/archives/C0123456789 also with a message behind it,
// https://app.slack.com/client/T0123456789/C0123456789, slack://channel?team=…&id=…,
// or a mention that Slack has resolved. ok is false for anything else.
func ReadChannel(typed string) (c Typed, ok bool) {
	typed = strings.Trim(strings.TrimSpace(typed), "<>")
	typed, _, _ = strings.Cut(typed, "|")
	if id := strings.TrimPrefix(typed, "#"); isChannel(id) {
		return Typed{Channel: desk.ChannelID(id)}, true
	}
	u, err := url.Parse(typed)
	if err != nil {
		return Typed{}, false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	id := ""
	switch {
	case u.Scheme == "slack" && u.Host == "channel":
		c.Workspace, id = desk.WorkspaceID(u.Query().Get("team")), u.Query().Get("id")
	case u.Scheme != "https" && u.Scheme != "http":
	case len(parts) >= 2 && parts[0] == "archives":
		c.Host, id = u.Host, parts[1]
	case len(parts) >= 3 && parts[0] == "client":
		c.Workspace, id = desk.WorkspaceID(parts[1]), parts[2]
	}
	if !isChannel(id) || c.Workspace != "" && !Valid(string(c.Workspace)) {
		return Typed{}, false
	}
	c.Channel = desk.ChannelID(id)
	return c, true
}

// isChannel reports whether s looks like the id of a channel that people share.
func isChannel(s string) bool {
	return len(s) > 1 && (s[0] == 'C' || s[0] == 'G') && Valid(s) && s == strings.ToUpper(s)
}

// In finds the workspace that c is in among those that are known: the one that
// its link names or, when it names none, the only one. ok is false when that is
// not known.
func (c Typed) In(known []served.Workspace) (w desk.WorkspaceID, ok bool) {
	for _, one := range known {
		switch {
		case c.Workspace != "":
			ok = c.Workspace == one.ID
		case c.Host != "":
			u, err := url.Parse(one.URL)
			ok = err == nil && u.Host != "" && strings.EqualFold(u.Host, c.Host)
		default:
			ok = len(known) == 1
		}
		if ok {
			return one.ID, true
		}
	}
	return "", false
}
