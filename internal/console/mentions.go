package console

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// Mentions are the channels and user groups of workspaces that texts mention.
type Mentions interface {
	// Learn looks up what texts mention. It may take a moment.
	Learn(ctx context.Context, w desk.WorkspaceID, texts []string)
	// Channel returns a channel's name, or what to say instead of one that
	// agents must not know; nothing when it is not known.
	Channel(w desk.WorkspaceID, id string) (name, instead string)
	// Group returns a user group's handle, likewise.
	Group(w desk.WorkspaceID, id string) (handle, instead string)
}

// noMentions knows none.
type noMentions struct{}

func (noMentions) Learn(context.Context, desk.WorkspaceID, []string) {}

func (noMentions) Channel(desk.WorkspaceID, string) (name, instead string) { return "", "" }

func (noMentions) Group(desk.WorkspaceID, string) (handle, instead string) { return "", "" }

// names resolves what a workspace's texts mention.
func (s *Server) names(w desk.WorkspaceID, people map[desk.PersonID]desk.Person) mrkdwn.Resolver {
	return mrkdwn.Resolver{
		User:    func(id string) string { return people[s.opt.Person(w, id)].Name },
		Channel: func(id string) (name, instead string) { return s.opt.Mentions.Channel(w, id) },
		Group:   func(id string) (handle, instead string) { return s.opt.Mentions.Group(w, id) },
	}
}
