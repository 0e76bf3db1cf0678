package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// A Link is an account and a workspace, to be linked or not to be any more.
type Link struct {
	By        desk.By
	Account   desk.AccountID
	Workspace desk.WorkspaceID
}

// LinkWorkspace lets an account use a workspace in which the app is installed.
func (s *Service) LinkWorkspace(ctx context.Context, l Link) error {
	err := s.change(ctx, l.By, func(tx store.Tx) (deed, error) {
		a, err := account(ctx, tx, l.Account)
		if err != nil {
			return deed{}, err
		}
		w, err := tx.Workspace(ctx, l.Workspace)
		if errors.Is(err, desk.ErrNotFound) {
			return deed{}, refuse(desk.ErrNotFound, "The app is not installed in a workspace %s, as far as is known. Install it there and start the server, then link the workspace.", l.Workspace)
		}
		if err != nil {
			return deed{}, err
		}
		linked, err := tx.WorkspacesOf(ctx, a.ID)
		switch {
		case err != nil:
			return deed{}, err
		case isLinked(linked, w.ID):
			return deed{}, refuse(desk.ErrConflict, "Account %s is linked to workspace %s already.", a.Title(), called(w))
		case len(linked) >= s.limits.WorkspacesPerAccount:
			return deed{}, refuse(desk.ErrLimit, "Account %s is linked to %d workspaces, and no account may have more. Unlink one of them first.", a.Title(), len(linked))
		}
		return deed{desk.DidLink, a.ID, map[string]string{"workspace": string(w.ID)}}, tx.LinkWorkspace(ctx, a.ID, w.ID)
	})
	if err != nil {
		return fmt.Errorf("link account %s to workspace %s: %w", l.Account, l.Workspace, err)
	}
	return nil
}

// UnlinkWorkspace ends an account's use of a workspace. It is refused while a
// chat of the account is live there, or channels are configured for it.
func (s *Service) UnlinkWorkspace(ctx context.Context, l Link) error {
	var live []desk.CaseID
	err := s.change(ctx, l.By, func(tx store.Tx) (deed, error) {
		a, w, err := linked(ctx, tx, l.Account, l.Workspace, desk.ErrNotFound)
		if err != nil {
			return deed{}, err
		}
		if live, err = tx.LiveOf(ctx, a.ID, w.ID); err != nil {
			return deed{}, err
		}
		if len(live) > 0 {
			return deed{}, errLive
		}
		have, err := tx.ChannelsOf(ctx, a.ID)
		if err != nil {
			return deed{}, err
		}
		have = slices.DeleteFunc(have, func(c served.ChannelConfig) bool { return c.Workspace != w.ID })
		if len(have) > 0 {
			return deed{}, refuse(desk.ErrConflict, "Account %s has channels configured in workspace %s (%s). Remove them first.", a.Title(), called(w), channels(have))
		}
		return deed{desk.DidUnlink, a.ID, map[string]string{"workspace": string(w.ID)}}, tx.UnlinkWorkspace(ctx, a.ID, w.ID)
	})
	if errors.Is(err, errLive) {
		err = s.inTheWay(ctx, "The account has a live chat in this workspace", live)
	}
	if err != nil {
		return fmt.Errorf("unlink account %s from workspace %s: %w", l.Account, l.Workspace, err)
	}
	return nil
}

// errLive says that a live chat stands against a change.
var errLive = errors.New("a chat is live")

// inTheWay is the refusal for live chats, of which it names the first case. why
// says where they are.
func (s *Service) inTheWay(ctx context.Context, why string, live []desk.CaseID) error {
	c, err := s.store.Case(ctx, live[0])
	if err != nil {
		return err
	}
	return refuse(desk.ErrConflict, "%s, on case %s. End the chat first.", why, c.Number)
}

// linked returns an account and a workspace that are linked, or refuses for they
// are not, with the kind that is wanted then.
func linked(ctx context.Context, tx store.Tx, id desk.AccountID, w desk.WorkspaceID, kind error) (served.Account, served.Workspace, error) {
	a, err := account(ctx, tx, id)
	if err != nil {
		return a, served.Workspace{}, err
	}
	all, err := tx.WorkspacesOf(ctx, id)
	if err != nil {
		return a, served.Workspace{}, err
	}
	for _, have := range all {
		if have.ID == w {
			return a, have, nil
		}
	}
	return a, served.Workspace{}, refuse(kind, "Account %s is not linked to workspace %s. Link it first.", a.Title(), w)
}

func isLinked(all []served.Workspace, w desk.WorkspaceID) bool {
	return slices.ContainsFunc(all, func(have served.Workspace) bool { return have.ID == w })
}

// called is how people know a workspace.
func called(w served.Workspace) string {
	if w.Name == "" {
		return string(w.ID)
	}
	return w.Name + " (" + string(w.ID) + ")"
}

// channels lists a few configurations as people know them.
func channels(all []served.ChannelConfig) string {
	const most = 3
	text := ""
	for i, c := range all {
		switch {
		case i == most:
			return fmt.Sprintf("%s and %d more", text, len(all)-most)
		case i > 0:
			text += ", "
		}
		text += string(c.Channel)
		if c.Name != "" {
			text += " " + c.Name
		}
	}
	return text
}
