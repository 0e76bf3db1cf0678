package world

import (
	"slices"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
)

// DeleteChannel deletes a channel for good, with all that was written in it.
// Only admins may.
func (w *World) DeleteChannel(actor, channel string) error {
	return w.update(func(c *Change) error {
		ch, err := w.seen(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Kind == Direct || ch.Kind == Group:
			return entity.ErrNotSupported
		case ch.General || !w.users.Rows[actor].Admin:
			return entity.ErrRestrictedAction
		}
		gone := *ch
		c.emit(scope{workspace: gone.Workspace, channel: channel}, gone.Prefix()+"_deleted", map[string]any{"channel": channel, "actor_id": actor})
		for _, m := range slices.Clone(w.room(channel).All) {
			w.dropMessage(c, *m)
		}
		w.channels.Drop(c.log, channel)
		w.hintMembers(c, gone)
		return nil
	})
}

// MakePublic opens a private channel, and all that was written in it, to
// everybody.
func (w *World) MakePublic(actor, channel string) error {
	return w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Kind != Private:
			return entity.ErrNotSupported
		case ch.Archived:
			return entity.ErrIsArchived
		}
		row := *ch
		row.Kind = Public
		w.putChannel(c, row)
		w.note(c, row, actor, "channel_convert_to_public", "made this channel public. Any member can see and join it.", nil)
		return nil
	})
}

// MakePrivate hides a public channel from all but its members. Only admins may.
func (w *World) MakePrivate(actor, channel string) error {
	return w.update(func(c *Change) error {
		ch, err := w.seen(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Kind != Public:
			return entity.ErrNotSupported
		case ch.Archived:
			return entity.ErrIsArchived
		case ch.General || !w.users.Rows[actor].Admin:
			return entity.ErrRestrictedAction
		}
		row := *ch
		row.Kind = Private
		w.putChannel(c, row)
		w.note(c, row, actor, "channel_convert_to_private", "made this channel private. Now, it can only be viewed or joined by invitation.", nil)
		return nil
	})
}

// ChangeChannelID gives a channel another id, as Slack does with a private one
// that begins to be shared with another organisation. Events that are on their
// way keep the old one.
func (w *World) ChangeChannelID(channel string) (id string, err error) {
	err = w.update(func(c *Change) error {
		ch := w.channels.Rows[channel]
		if ch == nil || ch.Kind != Private {
			return entity.ErrChannelNotFound
		}
		row := *ch
		row.Formerly = append(slices.Clone(ch.Formerly), channel)
		row.ID, row.Updated = w.newID("C"), w.clock.Now().UnixMilli()
		id = row.ID
		w.channels.Put(c.log, id, row)
		for _, m := range slices.Clone(w.room(channel).All) {
			moved := *m
			moved.Channel = id
			w.dropMessage(c, *m)
			w.putMessage(c, moved)
		}
		for _, member := range row.Members {
			if read := w.marks.Rows[member+"/"+channel]; read != nil {
				w.setMark(c, member, id, read.Read)
			}
		}
		w.channels.Drop(c.log, channel)
		c.emit(scope{workspace: row.Workspace, channel: id}, "channel_id_changed", map[string]any{
			"old_channel_id": channel, "new_channel_id": id,
		})
		c.hint(feed.Channel, channel)
		w.hintMembers(c, row)
		return nil
	})
	return id, err
}
