package setup

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// A Seed is what the configuration file says of the setup.
type Seed struct {
	Account   served.Account
	Workspace desk.WorkspaceID
	Channels  []served.ChannelConfig // of the account in the workspace
}

// Plant makes what of a seed is missing. It changes nothing that is there, and
// makes nothing again that somebody has taken away; those channels it returns.
func (s *Service) Plant(ctx context.Context, seed Seed) (left []desk.ChannelID, err error) {
	by := desk.ByItself()
	_, err = s.AddAccount(ctx, AddAccount{By: by, ID: string(seed.Account.ID), Alias: seed.Account.Name})
	if err != nil && !s.has(ctx, seed.Account.ID) {
		return nil, err
	}
	if seed.Workspace == "" {
		return nil, nil // an operator links one when the app is installed there
	}
	gone, err := s.taken(ctx, seed)
	if err != nil {
		return nil, err
	}
	linked, err := s.store.WorkspacesOf(ctx, seed.Account.ID)
	if err != nil {
		return nil, fmt.Errorf("plant account %s: %w", seed.Account.ID, err)
	}
	if !isLinked(linked, seed.Workspace) {
		if gone[""] {
			return ids(seed.Channels), nil
		}
		if err := s.LinkWorkspace(ctx, Link{By: by, Account: seed.Account.ID, Workspace: seed.Workspace}); err != nil {
			return nil, err
		}
	}
	for _, c := range seed.Channels {
		switch _, err := s.store.Channel(ctx, c.Account, c.Workspace, c.Channel); {
		case err == nil:
			continue
		case !errors.Is(err, desk.ErrNotFound):
			return nil, fmt.Errorf("plant channel %s: %w", c.Channel, err)
		}
		if gone[c.Channel] {
			left = append(left, c.Channel)
			continue
		}
		if err := s.ConfigureChannel(ctx, ConfigureChannel{By: by, Config: c}); err != nil {
			return nil, err
		}
	}
	return left, nil
}

func (s *Service) has(ctx context.Context, id desk.AccountID) bool {
	_, err := s.store.Account(ctx, id)
	return err == nil
}

func ids(all []served.ChannelConfig) []desk.ChannelID {
	var list []desk.ChannelID
	for _, c := range all {
		list = append(list, c.Channel)
	}
	return list
}

// maxTaken is how many removals are looked at: more than an account can have
// channels, many times over.
const maxTaken = 1000

// taken tells which of the seed's channels somebody has removed; the empty one
// stands for the link to the workspace.
func (s *Service) taken(ctx context.Context, seed Seed) (map[desk.ChannelID]bool, error) {
	gone := map[desk.ChannelID]bool{}
	for _, what := range []string{desk.DidRemove, desk.DidUnlink} {
		entries, err := s.store.Audit(ctx, desk.AuditFilter{What: what, Account: seed.Account.ID}, 0, maxTaken)
		if err != nil {
			return nil, fmt.Errorf("plant account %s: %w", seed.Account.ID, err)
		}
		for _, e := range entries {
			if e.Detail["workspace"] == string(seed.Workspace) {
				gone[desk.ChannelID(e.Detail["channel"])] = true
			}
		}
	}
	return gone, nil
}
