package app

import (
	"context"

	"caseline/internal/config"
	console "caseline/internal/console/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/manifest"
)

// setupPages is what the operators' pages ask of Slack and of its identifiers.
func (e *slackEdge) setupPages(cfg config.Config) console.Options {
	install := ""
	if e.keeper != nil {
		install = manifest.PathInstall
	}
	return console.Options{
		Install: install, Limits: setupLimits(cfg), Channel: typedChannel, Public: e.publicChannels, Groups: e.tenants.UserGroups, Place: ident.Channel,
		User: func(p desk.PersonID) string {
			_, user, _ := ident.SplitPerson(p)
			return user
		},
	}
}

// typedChannel reads what somebody typed to name a channel. An id is in the
// workspace that they chose, a link says in which it is.
func typedChannel(typed string, chosen desk.WorkspaceID, known []served.Workspace) (desk.WorkspaceID, desk.ChannelID, bool) {
	c, ok := ident.ReadChannel(typed)
	if c.Workspace == "" && c.Host == "" {
		return chosen, c.Channel, ok
	}
	w, _ := c.In(known)
	return w, c.Channel, ok
}

func (e *slackEdge) publicChannels(ctx context.Context, w desk.WorkspaceID) ([]console.PublicChannel, bool, error) {
	all, more, err := e.tenants.Public(ctx, w)
	list := make([]console.PublicChannel, len(all))
	for i, ch := range all {
		list[i] = console.PublicChannel{ID: desk.ChannelID(ch.ID), Name: ch.Name, In: ch.IsMember}
	}
	return list, more, err
}
