package slack

import (
	"caseline/internal/desk"
	"caseline/internal/slack/wire"
)

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
