package tenants

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/slack/ident"
)

var _ outbox.Sender = (*Set)(nil)

// notHere is why deliveries wait in a workspace that has no tenant.
const notHere = "not_installed"

// Of returns the workspace in which a delivery is made true: of its file, of its
// place, or of its case while that has none.
func Of(d desk.Delivery) desk.WorkspaceID {
	if d.Content.In != "" {
		return d.Content.In
	}
	if at, ok := ident.Split(d.Place); ok {
		return at.Workspace
	}
	return d.Workspace
}

// Budget names the pace buckets of the next try of d.
func (s *Set) Budget(d desk.Delivery) []pace.Bucket {
	if t := s.of(Of(d)); t != nil {
		return t.sender.Budget(d)
	}
	return nil
}

// Send tries a delivery once. In a workspace without a tenant it waits: the app
// may be installed there again.
func (s *Set) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	if t := s.of(Of(d)); t != nil {
		return t.sender.Send(ctx, d)
	}
	return desk.Verdict{Kind: desk.Retry, Shut: true, Unasked: true, At: s.parts.Now().Add(shutFor), Reason: notHere}
}

// Look settles a try whose outcome is unknown.
func (s *Set) Look(ctx context.Context, d desk.Delivery) desk.Verdict {
	if t := s.of(Of(d)); t != nil {
		return t.sender.Look(ctx, d)
	}
	return desk.Verdict{Kind: desk.Unknown, Shut: true, Unasked: true, At: s.parts.Now().Add(shutFor), Reason: notHere}
}
