package world

import (
	"slices"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
)

// CreateChannel creates a public or private channel. The creator is its first
// member.
func (w *World) CreateChannel(workspace, creator, name string, kind ChannelKind) (Channel, error) {
	var out Channel
	err := w.update(func(c *Change) error {
		if w.workspaces.Rows[workspace] == nil {
			return entity.ErrRestrictedAction
		}
		by := w.users.Rows[creator]
		if by != nil && (by.Restricted || by.UltraRestricted) {
			return entity.ErrRestrictedAction
		}
		if ws := w.workspaces.Rows[workspace]; by != nil && by.Bot && ws.NoChannelCreation {
			return entity.ErrRestrictedAction
		}
		if err := entity.CheckChannelName(name); err != nil {
			return err
		}
		if w.channelNamed(workspace, name) != nil {
			return entity.ErrNameTaken // also when it is archived, or private and out of sight
		}
		out = w.createChannel(c, Channel{Workspace: workspace, Creator: creator, Name: name, Kind: kind})
		return nil
	})
	return out, err
}

func (w *World) createChannel(c *Change, ch Channel) Channel {
	now := w.clock.Now()
	ch.ID = w.newID("C")
	if ch.Kind == Direct {
		ch.ID = "D" + ch.ID[1:]
	}
	ch.Created, ch.Updated = now.Unix(), now.UnixMilli()
	w.channels.Put(c.log, ch.ID, ch)
	if ch.Kind == Public {
		c.emit(scope{workspace: ch.Workspace}, "channel_created", map[string]any{"channel": map[string]any{
			"id": ch.ID, "name": ch.Name, "created": ch.Created, "creator": ch.Creator, "context_team_id": ch.Workspace,
		}})
	}
	if ch.Creator != "" {
		ch = w.addMember(c, ch, ch.Creator, "")
	}
	c.hint(feed.Workspace, ch.Workspace)
	return ch
}

func (w *World) channelNamed(workspace, name string) *Channel {
	for _, ch := range w.channels.Rows {
		if ch.Workspace == workspace && ch.Name == name && name != "" {
			return ch
		}
	}
	return nil
}

// SetGeneral makes a public channel the one that everybody is in.
func (w *World) SetGeneral(channel string) error {
	return w.update(func(c *Change) error {
		ch := w.channels.Rows[channel]
		if ch == nil {
			return entity.ErrChannelNotFound
		}
		general := *ch
		general.General = true
		w.channels.Put(c.log, channel, general)
		ws := *w.workspaces.Rows[ch.Workspace]
		ws.General = channel
		w.workspaces.Put(c.log, ws.ID, ws)
		return nil
	})
}

// SetReadOnly sets who may post in a channel: everybody, or nobody but admins.
func (w *World) SetReadOnly(channel string, readOnly bool) error {
	return w.update(func(c *Change) error {
		ch := w.channels.Rows[channel]
		if ch == nil {
			return entity.ErrChannelNotFound
		}
		row := *ch
		row.ReadOnly = readOnly
		w.channels.Put(c.log, channel, row)
		c.hint(feed.Channel, channel)
		return nil
	})
}

// OpenDirect returns the direct message between the actor and the users,
// creating it if need be and create is set.
func (w *World) OpenDirect(actor string, users []string, create bool) (ch Channel, existed bool, err error) {
	err = w.update(func(c *Change) error {
		by := w.users.Rows[actor]
		members := []string{actor}
		for _, id := range users {
			u := w.users.Rows[id]
			if by == nil || u == nil || by.Common(*u) == "" {
				return entity.ErrUserNotFound
			}
			if u.Deleted {
				return entity.ErrUserDisabled
			}
			if !slices.Contains(members, id) {
				members = append(members, id)
			}
		}
		at := by.Workspace
		if len(users) > 0 {
			at = by.Common(*w.users.Rows[users[0]])
		}
		ch, existed = w.openDirect(c, at, members, create)
		if ch.ID == "" {
			return entity.ErrChannelNotFound
		}
		return nil
	})
	return ch, existed, err
}

func (w *World) openDirect(c *Change, workspace string, members []string, create bool) (Channel, bool) {
	want := slices.Sorted(slices.Values(members))
	for _, ch := range w.channels.Sorted() {
		if (ch.Kind == Direct || ch.Kind == Group) && slices.Equal(slices.Sorted(slices.Values(ch.Members)), want) {
			return *ch, true
		}
	}
	if !create {
		return Channel{}, false
	}
	ch := Channel{Workspace: workspace, Kind: Direct, Creator: members[0]}
	if len(members) > 2 {
		ch.Kind = Group
		ch.Name = w.groupName(members)
	}
	ch.Members = members
	ch = w.createChannel(c, ch)
	for _, m := range members {
		c.hint(feed.Sidebar, m)
	}
	return ch, false
}

func (w *World) groupName(members []string) string {
	var names []string
	for _, m := range members {
		names = append(names, w.users.Rows[m].Name)
	}
	return "mpdm-" + strings.Join(names, "--") + "-1"
}

// ArchiveChannel closes a channel for posting. Nobody leaves it.
func (w *World) ArchiveChannel(actor, channel string) error {
	return w.update(func(c *Change) error {
		ch, err := w.seen(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Kind == Direct || ch.Kind == Group:
			return entity.ErrNotSupported
		case ch.General:
			return entity.ErrCantArchiveGeneral
		case ch.Archived:
			return entity.ErrAlreadyArchived
		case !ch.Has(actor) && !w.users.Rows[actor].Admin:
			return entity.ErrNotInChannel
		}
		w.note(c, *ch, actor, ch.Prefix()+"_archive", "archived the channel", nil)
		row := *ch
		row.Archived = true
		w.putChannel(c, row)
		c.emit(scope{workspace: row.Workspace, channel: channel}, row.Prefix()+"_archive", map[string]any{"channel": channel, "user": actor, "is_moved": 0})
		return nil
	})
}

// UnarchiveChannel opens an archived channel again. Bots cannot, which is
// Slack's own bug.
func (w *World) UnarchiveChannel(actor, channel string) error {
	return w.update(func(c *Change) error {
		ch, err := w.seen(actor, channel)
		if err != nil {
			return err
		}
		if w.users.Rows[actor].Bot {
			return entity.ErrRestrictedAction
		}
		if !ch.Archived {
			return entity.ErrNotArchived
		}
		row := *ch
		row.Archived = false
		w.putChannel(c, row)
		w.note(c, row, actor, row.Prefix()+"_unarchive", "un-archived the channel", nil)
		c.emit(scope{workspace: row.Workspace, channel: channel}, row.Prefix()+"_unarchive", map[string]any{"channel": channel, "user": actor})
		return nil
	})
}

// hintMembers tells everybody in the channel, and its pages, to look again.
func (w *World) hintMembers(c *Change, ch Channel) {
	c.hint(feed.Channel, ch.ID)
	for _, m := range ch.Members {
		c.hint(feed.Sidebar, m)
	}
}
