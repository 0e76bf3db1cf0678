package slack

import (
	"context"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// locate returns i with the workspace whose installation it is for. Slack leaves
// that out in an organisation, at times.
func (in *Intake) locate(ctx context.Context, i wire.Interaction) wire.Interaction {
	if i.TeamID == "" {
		i.TeamID = string(in.whose(ctx, i))
	}
	in.seek(ctx, i.TeamID, i.EnterpriseID)
	return i
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
