package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// ConfigureChannel is the wish to serve an account in a channel.
type ConfigureChannel struct {
	By     desk.By
	Config served.ChannelConfig
}

// ConfigureChannel serves an account in a channel. The account must be linked to
// the workspace, and must not use the channel through another one already, as
// one can that is shared.
func (s *Service) ConfigureChannel(ctx context.Context, w ConfigureChannel) error {
	c := w.Config
	if err := c.Validate(); err != nil {
		return err
	}
	if own, err := s.store.CaseAt(ctx, s.place(c.Workspace, c.Channel)); err == nil {
		return refuse(desk.ErrConflict, "This channel is for the live chats of case %s. It is allowed there what the channel is allowed that asked for the chat.", own.Number)
	} else if !errors.Is(err, desk.ErrNotFound) {
		return fmt.Errorf("configure channel %s: %w", c.Channel, err)
	}
	err := s.change(ctx, w.By, func(tx store.Tx) (deed, error) {
		a, _, err := linked(ctx, tx, c.Account, c.Workspace, desk.ErrConflict)
		if err != nil {
			return deed{}, err
		}
		if err := s.room(ctx, tx, a, c); err != nil {
			return deed{}, err
		}
		return deed{desk.DidConfigure, a.ID, Told(c)}, tx.SaveChannel(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("configure channel %s for account %s: %w", c.Channel, c.Account, err)
	}
	return nil
}

// room refuses a configuration that is there already, or that is one too many.
func (s *Service) room(ctx context.Context, tx store.Tx, a served.Account, c served.ChannelConfig) error {
	everywhere, err := tx.ChannelEverywhere(ctx, c.Channel)
	if err != nil {
		return err
	}
	here := 0
	for _, have := range everywhere {
		switch {
		case have.Workspace == c.Workspace && have.Account == c.Account:
			return refuse(desk.ErrConflict, "Channel %s is configured for account %s already. Change that configuration instead.", c.Channel, a.Title())
		case have.Account == c.Account:
			return refuse(desk.ErrConflict, "Account %s uses channel %s through workspace %s already. A channel that workspaces share is for the first of them only.", a.Title(), c.Channel, have.Workspace)
		case have.Workspace == c.Workspace:
			here++
		}
	}
	of, err := tx.ChannelsOf(ctx, a.ID)
	switch {
	case err != nil:
		return err
	case len(of) >= s.limits.ChannelsPerAccount:
		return refuse(desk.ErrLimit, "Account %s has %d channels, and no account may have more. Remove one of them first.", a.Title(), len(of))
	case here >= s.limits.AccountsPerChannel:
		return refuse(desk.ErrLimit, "Channel %s serves %d accounts, and no channel may serve more. Remove one of them first.", c.Channel, here)
	}
	return nil
}

// A ChannelKey says which configuration is meant.
type ChannelKey struct {
	Account   desk.AccountID
	Workspace desk.WorkspaceID
	Channel   desk.ChannelID
}

// ChangeChannel is the wish to change a configuration. What is nil keeps its
// value.
type ChangeChannel struct {
	By  desk.By
	Key ChannelKey

	Name        *string
	Permissions []served.Permission
	Severities  *served.NotifySeverity // none switches off what is not said below
	Opened      *bool
	Answered    *bool
	Resolved    *bool
	Narrow      *[]served.Narrowing
}

// ChangeChannel changes a configuration. It holds from the next press on, in the
// channel and in the places of chats that were asked for there. What is as it
// was changes nothing.
func (s *Service) ChangeChannel(ctx context.Context, w ChangeChannel) (c served.ChannelConfig, err error) {
	err = s.change(ctx, w.By, func(tx store.Tx) (deed, error) {
		old, err := configured(ctx, tx, w.Key)
		if err != nil {
			return deed{}, err
		}
		c = w.Apply(old)
		if err := c.Validate(); err != nil {
			return deed{}, err
		}
		was, is := Told(old), Told(c)
		detail := map[string]string{"workspace": string(c.Workspace), "channel": string(c.Channel)}
		for key := range is {
			if was[key] != is[key] {
				detail[key] = became(was[key], is[key])
			}
		}
		if len(detail) == 2 {
			return deed{}, nil
		}
		return deed{desk.DidChange, c.Account, detail}, tx.SaveChannel(ctx, &c)
	})
	if err != nil {
		return served.ChannelConfig{}, fmt.Errorf("change channel %s of account %s: %w", w.Key.Channel, w.Key.Account, err)
	}
	return c, nil
}

// Apply returns a configuration with what is to change in it.
func (w ChangeChannel) Apply(c served.ChannelConfig) served.ChannelConfig {
	if w.Name != nil {
		c.Name = *w.Name
	}
	if w.Permissions != nil {
		c.Permissions = w.Permissions
	}
	if w.Narrow != nil {
		c.Narrow = *w.Narrow
	}
	n := &c.Notify
	if w.Severities != nil {
		n.Severities = *w.Severities
		if n.Severities == served.NotifyNone {
			n.Opened, n.Answered, n.Resolved = false, false, false
		}
	}
	for _, b := range []struct{ want, have *bool }{{w.Opened, &n.Opened}, {w.Answered, &n.Answered}, {w.Resolved, &n.Resolved}} {
		if b.want != nil {
			*b.have = *b.want
		}
	}
	return c
}

// RemoveChannel is the wish to serve an account in a channel no more.
type RemoveChannel struct {
	By  desk.By
	Key ChannelKey
}

// RemoveChannel takes a configuration away; the channel in Slack stays as it is.
// It is refused while a chat of the account is live there or was asked for there.
func (s *Service) RemoveChannel(ctx context.Context, w RemoveChannel) error {
	var live []desk.CaseID
	k := w.Key
	err := s.change(ctx, w.By, func(tx store.Tx) (deed, error) {
		c, err := configured(ctx, tx, k)
		if err != nil {
			return deed{}, err
		}
		if live, err = tx.LiveAskedIn(ctx, k.Account, s.place(k.Workspace, k.Channel)); err != nil {
			return deed{}, err
		}
		if len(live) > 0 {
			return deed{}, errLive
		}
		return deed{desk.DidRemove, c.Account, Told(c)}, tx.DeleteChannel(ctx, k.Account, k.Workspace, k.Channel)
	})
	if errors.Is(err, errLive) {
		err = s.inTheWay(ctx, "A live chat is in this channel or was asked for here", live)
	}
	if err != nil {
		return fmt.Errorf("remove channel %s of account %s: %w", k.Channel, k.Account, err)
	}
	return nil
}

func configured(ctx context.Context, tx store.Tx, k ChannelKey) (served.ChannelConfig, error) {
	c, err := tx.Channel(ctx, k.Account, k.Workspace, k.Channel)
	if errors.Is(err, desk.ErrNotFound) {
		return c, refuse(desk.ErrNotFound, "Channel %s is not configured for account %s. Add it first.", k.Channel, k.Account)
	}
	return c, err
}

// Told is a configuration as the audit tells of it.
func Told(c served.ChannelConfig) map[string]string {
	return map[string]string{
		"workspace": string(c.Workspace), "channel": string(c.Channel), "name": c.Name,
		"permissions": joined(c.Permissions), "notify": notified(c.Notify), "narrow": narrowed(c.Narrow),
	}
}

func joined[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, " ")
}

func notified(n served.Notify) string {
	words := []string{string(n.Severities)}
	for _, s := range []struct {
		on   bool
		word string
	}{{n.Opened, "opened"}, {n.Answered, "answered"}, {n.Resolved, "resolved"}} {
		if s.on {
			words = append(words, s.word)
		}
	}
	return strings.Join(words, " ")
}

func narrowed(all []served.Narrowing) string {
	var parts []string
	for _, n := range all {
		who := slices.Concat([]string{string(n.Permission) + ":"}, strings.Fields(joined(n.People)), strings.Fields(joined(n.Groups)))
		parts = append(parts, strings.Join(who, " "))
	}
	return strings.Join(parts, "; ")
}
