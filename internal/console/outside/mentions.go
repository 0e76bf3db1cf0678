package outside

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

// NoMentions knows none.
type NoMentions struct{}

func (NoMentions) Learn(context.Context, desk.WorkspaceID, []string) {}

func (NoMentions) Channel(desk.WorkspaceID, string) (name, instead string) { return "", "" }

func (NoMentions) Group(desk.WorkspaceID, string) (handle, instead string) { return "", "" }

// Mentioned resolves the channels and groups that a workspace's texts mention,
// and by person those who are.
func Mentioned(all Mentions, w desk.WorkspaceID, person func(id string) string) mrkdwn.Resolver {
	return mrkdwn.Resolver{
		User:    person,
		Channel: func(id string) (name, instead string) { return all.Channel(w, id) },
		Group:   func(id string) (handle, instead string) { return all.Group(w, id) },
	}
}
