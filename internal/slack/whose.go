package slack

import (
	"context"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// locate returns i with the workspace whose installation it is for. Slack leaves
// that out in an organisation, at times, and may name that of the person, who may
// be of another workspace of ours.
func (in *Intake) locate(ctx context.Context, i wire.Interaction) wire.Interaction {
	switch w := in.shows(i); {
	case w != "":
		i.TeamID = string(w)
	case i.TeamID == "":
		i.TeamID = string(in.whose(ctx, i))
	}
	in.seek(ctx, i.TeamID, i.EnterpriseID)
	return in.ours(i)
}

// ours returns i with the workspace that we know. Where people of another
// organisation press a button in a shared channel, Slack's pages do not say whose
// workspace an interaction names; then the form, or the message, says in which it
// is ours.
func (in *Intake) ours(i wire.Interaction) wire.Interaction {
	known := func(workspace string) bool {
		_, ok := in.installed.Find(desk.WorkspaceID(workspace))
		return ok
	}
	if i.TeamID == "" || known(i.TeamID) {
		return i
	}
	switch {
	case i.View != nil && known(i.View.AppInstalledTeamID):
		i.TeamID = i.View.AppInstalledTeamID
	case i.View != nil && known(i.View.TeamID):
		i.TeamID = i.View.TeamID
	case i.Message != nil && known(i.Message.Team):
		i.TeamID = i.Message.Team
	}
	return i
}

// shows is the workspace of ours whose app showed the view or the message that an
// interaction is with, or empty when nothing says so.
func (in *Intake) shows(i wire.Interaction) desk.WorkspaceID {
	var by string
	switch {
	case i.TeamID == "":
	case i.View != nil:
		by = i.View.AppInstalledTeamID
	case i.Type == wire.TypeBlockActions && i.Message != nil:
		by = i.Message.Team
	}
	if by == "" || by == i.TeamID {
		return ""
	}
	self, _ := in.installed.Find(desk.WorkspaceID(by))
	return self.ID
}

// holds returns the workspace that an event of a channel is for. Slack sends the
// event of a channel that several of our workspaces share once, and names any of
// them; it is told to the one that has the channel on record, whichever Slack
// names, so that all that is said there comes to one place. What happens to the
// channel itself is each workspace's own.
func (in *Intake) holds(ctx context.Context, p wire.Peeked, named served.Workspace) served.Workspace {
	if !in.said(p) || !ident.Valid(p.Channel) {
		return named
	}
	among := []desk.WorkspaceID{named.ID}
	for _, w := range in.installed.All() {
		if w.ID != named.ID && (p.Shared || p.Enterprise != "" && w.Enterprise == p.Enterprise) {
			among = append(among, w.ID)
		}
	}
	if len(among) == 1 {
		return named
	}
	if w, ok := in.opt.Holder(ctx, desk.ChannelID(p.Channel), among); ok {
		if self, ok := in.installed.Find(w); ok {
			return self
		}
	}
	return named
}

// said reports whether an event is of what people do in a channel that our app may
// share with itself.
func (in *Intake) said(p wire.Peeked) bool {
	if !p.Shared && p.Enterprise == "" {
		return false
	}
	switch p.EventType {
	case "message":
		return !convertsToPublic(p.Subtype)
	case "reaction_added", "reaction_removed":
		return true
	case "member_joined_channel", "member_left_channel":
		return !in.installed.Bot(p.User)
	}
	return false
}

// whose finds the workspace of an interaction that does not name it, by the first
// that tells it: the organisation, if we are in one workspace of it; the person's
// workspace, the view's, the channel's. The organisation bounds the others, for
// who presses may be somebody else's: a person whom Slack Connect brings into a
// channel may be of another workspace of ours.
func (in *Intake) whose(ctx context.Context, i wire.Interaction) desk.WorkspaceID {
	among := in.installed.Of(i.EnterpriseID)
	switch {
	case len(among) == 1:
		return among[0]
	case len(among) == 0 && i.EnterpriseID != "":
		return desk.WorkspaceID(i.Workspace()) // it may be installed a moment ago
	}
	named := []string{i.User.TeamID}
	if i.View != nil {
		named = append(named, i.View.AppInstalledTeamID)
	}
	for _, name := range named {
		w := desk.WorkspaceID(name)
		if _, known := in.installed.Find(w); known && (len(among) == 0 || slices.Contains(among, w)) {
			return w
		}
	}
	if ident.Valid(i.Channel) {
		if w, ok := in.opt.Holder(ctx, desk.ChannelID(i.Channel), among); ok {
			return w
		}
	}
	return desk.WorkspaceID(i.Workspace())
}
