package tenants

import (
	"context"
	"fmt"
	"log/slog"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/front"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// notInstalled is what people read whose workspace has no tenant.
const notInstalled = "Support is not set up in this workspace."

// Command answers a slash command.
func (s *Set) Command(ctx context.Context, c wire.Slash) *view.Message {
	if t := s.of(desk.WorkspaceID(c.TeamID)); t != nil {
		return t.front.Command(ctx, c)
	}
	m := view.Say(notInstalled)
	return &m
}

// meant is who answers an interaction, or nil, which is logged: it cannot be said.
func (s *Set) meant(in *wire.Interaction) *front.Front {
	if t := s.of(desk.WorkspaceID(in.Workspace())); t != nil {
		return t.front
	}
	s.parts.Log.Warn("somebody is not answered, because our app is not installed in their workspace",
		slog.String("workspace", in.Workspace()), slog.String("event", in.Type))
	return nil
}

// Press does what a pressed button says.
func (s *Set) Press(ctx context.Context, in wire.Interaction) {
	if f := s.meant(&in); f != nil {
		f.Press(ctx, in)
	}
}

// Shortcut does what a shortcut says.
func (s *Set) Shortcut(ctx context.Context, in wire.Interaction) {
	if f := s.meant(&in); f != nil {
		f.Shortcut(ctx, in)
	}
}

// Submit does what a submitted form says.
func (s *Set) Submit(ctx context.Context, in wire.Interaction) *front.FormAnswer {
	if f := s.meant(&in); f != nil {
		return f.Submit(ctx, in)
	}
	return nil
}

// Suggest offers what a menu has for what was typed.
func (s *Set) Suggest(ctx context.Context, in wire.Interaction) front.Offer {
	if f := s.meant(&in); f != nil {
		return f.Suggest(ctx, in)
	}
	return front.Offer{}
}

// Open notes that somebody opened their home.
func (s *Set) Open(ctx context.Context, w desk.WorkspaceID, user string, page int) error {
	if t := s.of(w); t != nil {
		return t.homes.Open(ctx, w, user, page)
	}
	return nil
}

// Wrote notes that somebody wrote to the app.
func (s *Set) Wrote(w desk.WorkspaceID, user, channel string) {
	if t := s.of(w); t != nil {
		t.homes.Wrote(w, user, channel)
	}
}

// Renamed notes that a channel may be called otherwise.
func (s *Set) Renamed(w desk.WorkspaceID, channel string) {
	if t := s.of(w); t != nil {
		t.mentions.Renamed(w, channel)
	}
}

// Closed notes that a channel may no longer be open to the app.
func (s *Set) Closed(w desk.WorkspaceID, channel string) {
	if t := s.of(w); t != nil {
		t.mentions.Closed(w, channel)
	}
}

// Regrouped notes that user groups changed.
func (s *Set) Regrouped(w desk.WorkspaceID) {
	if t := s.of(w); t != nil {
		t.mentions.Regrouped(w)
	}
}

// Doubt has a workspace asked whether it lets us in.
func (s *Set) Doubt(w desk.WorkspaceID) {
	if t := s.of(w); t != nil {
		t.warden.Doubt()
	}
}

// RefreshEmoji has a workspace's own emoji listed anew.
func (s *Set) RefreshEmoji(w desk.WorkspaceID) {
	if t := s.of(w); t != nil {
		t.emoji.Refresh()
	}
}

// UpdateNamed puts another view in the place of one.
func (s *Set) UpdateNamed(ctx context.Context, w desk.WorkspaceID, name string, v any) error {
	if t := s.of(w); t != nil {
		return t.client.UpdateNamed(ctx, name, v)
	}
	return errNoTenant(w)
}

// Respond answers at a response_url.
func (s *Set) Respond(ctx context.Context, w desk.WorkspaceID, address string, a api.Answer) error {
	if t := s.of(w); t != nil {
		return t.client.Respond(ctx, address, a)
	}
	return errNoTenant(w)
}

func errNoTenant(w desk.WorkspaceID) error {
	return fmt.Errorf("our app is not installed in workspace %s", w)
}

// People are who hears that Slack changed what is known of a person.
func (s *Set) People() People { return People{s} }

// A People passes on changes of people.
type People struct{ set *Set }

// Changed takes in what Slack says of a person.
func (p People) Changed(ctx context.Context, w desk.WorkspaceID, u wire.User) error {
	if t := p.set.of(w); t != nil {
		return t.directory.Changed(ctx, w, u)
	}
	return nil
}

// Groups are who hears that Slack changed a user group.
func (s *Set) Groups() Groups { return Groups{s} }

// A Groups passes on changes of user groups.
type Groups struct{ set *Set }

// Changed takes in what Slack says of a user group.
func (g Groups) Changed(ctx context.Context, w desk.WorkspaceID, c wire.GroupChange) error {
	if t := g.set.of(w); t != nil {
		return t.groups.Changed(ctx, w, c)
	}
	return nil
}
