package tenants

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
)

// Find returns what to show for the name of an emoji in a workspace.
func (s *Set) Find(w desk.WorkspaceID, name string) (common string, pictured bool) {
	if t := s.of(w); t != nil {
		return t.emoji.Find(w, name)
	}
	return "", false
}

// Picture opens the picture of a workspace's own emoji.
func (s *Set) Picture(ctx context.Context, w desk.WorkspaceID, name string) (content io.ReadSeekCloser, kind, hash string, err error) {
	if t := s.of(w); t != nil {
		return t.emoji.Picture(ctx, w, name)
	}
	return nil, "", "", fmt.Errorf("emoji of workspace %s, where our app is not installed: %w", w, desk.ErrNotFound)
}

// Learn looks up what texts of a workspace mention.
func (s *Set) Learn(ctx context.Context, w desk.WorkspaceID, texts []string) {
	if t := s.of(w); t != nil {
		t.mentions.Learn(ctx, w, texts)
	}
}

// Channel returns a channel's name, or what to say instead.
func (s *Set) Channel(w desk.WorkspaceID, id string) (name, instead string) {
	if t := s.of(w); t != nil {
		return t.mentions.Channel(w, id)
	}
	return "", ""
}

// Group returns a user group's handle, or what to say instead.
func (s *Set) Group(w desk.WorkspaceID, id string) (handle, instead string) {
	if t := s.of(w); t != nil {
		return t.mentions.Group(w, id)
	}
	return "", ""
}

// Face opens a person's picture.
func (s *Set) Face(ctx context.Context, id desk.PersonID) (content io.ReadSeekCloser, kind, hash string, err error) {
	w, _, _ := ident.SplitPerson(id)
	if t := s.of(w); t != nil {
		return t.faces.Face(ctx, id)
	}
	return nil, "", "", fmt.Errorf("picture of a person in workspace %s, where our app is not installed: %w", w, desk.ErrNotFound)
}

// Address is where Slack opens a place, in a browser or in its own client.
func (s *Set) Address(p desk.Place) string {
	at, ok := ident.Split(p)
	if !ok {
		return ""
	}
	self, _ := s.parts.Installed.Find(at.Workspace) // also one that has shut us out
	at.Channel = s.parts.Installed.Channels(at.Workspace).Now(at.Channel)
	return at.Address(self.URL)
}

// Public lists the public channels of a workspace by name; more says that there
// are others.
func (s *Set) Public(ctx context.Context, w desk.WorkspaceID) (all []api.Channel, more bool, err error) {
	if t := s.of(w); t != nil {
		return t.public.Public(ctx, w)
	}
	return nil, false, &desk.Refusal{Kind: desk.ErrNotFound, Message: "The channels of this workspace cannot be listed, because the app is not installed there."}
}

// UserGroups lists the user groups of a workspace. Without a tenant, what Slack
// said before counts.
func (s *Set) UserGroups(ctx context.Context, w desk.WorkspaceID) ([]served.Group, error) {
	if t := s.of(w); t != nil {
		return t.groups.Groups(ctx, w)
	}
	return s.parts.Store.Groups(ctx, w)
}

// Ahead is by how much Slack's clock is ahead of ours, if that is more than
// within. Slack has one clock, so the first tenant that knows counts.
func (s *Set) Ahead(within time.Duration) time.Duration {
	for _, t := range s.all() {
		if skew, known := t.client.Skew(); known {
			if ahead := skew.Beyond(within); ahead != 0 {
				return ahead
			}
		}
	}
	return 0
}

// States counts the workspaces that are served, or were, by whether Slack lets us
// in: "connected", or Slack's word for why not.
func (s *Set) States() map[string]int {
	states := map[string]int{}
	for _, w := range s.parts.Installed.All() {
		state := "connected"
		if w.State == served.WorkspaceDisconnected {
			state = cmp.Or(w.Reason, string(w.State))
		}
		states[state]++
	}
	return states
}
