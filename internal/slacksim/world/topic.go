package world

import (
	"unicode/utf8"

	"caseline/internal/slacksim/entity"
)

// SetTopic changes a channel's topic and posts the note about it.
func (w *World) SetTopic(actor, channel, value string) (Channel, error) {
	return w.setNote(actor, channel, value, "topic", func(ch *Channel) *Note { return &ch.Topic })
}

// SetPurpose changes a channel's purpose, which clients call its description.
func (w *World) SetPurpose(actor, channel, value string) (Channel, error) {
	return w.setNote(actor, channel, value, "purpose", func(ch *Channel) *Note { return &ch.Purpose })
}

func (w *World) setNote(actor, channel, value, what string, field func(*Channel) *Note) (Channel, error) {
	var out Channel
	err := w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Archived:
			return entity.ErrIsArchived
		case utf8.RuneCountInString(value) > 250:
			return entity.ErrTooLong
		}
		out = *ch
		now := w.clock.Now()
		*field(&out) = Note{Value: value, Creator: actor, LastSet: now.Unix()}
		out.Updated = now.UnixMilli()
		w.channels.Put(c.log, channel, out)
		text := "set the channel " + what + ": " + value
		if what == "purpose" {
			text = "set the channel description: " + value
		}
		if value == "" {
			text = "cleared the channel " + what
		}
		w.note(c, out, actor, "channel_"+what, text, map[string]any{what: value})
		return nil
	})
	return out, err
}

// RenameChannel gives a channel a new name.
func (w *World) RenameChannel(actor, channel, name string) (Channel, error) {
	var out Channel
	err := w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		if err != nil {
			return err
		}
		if ch.Kind == Direct || ch.Kind == Group {
			return entity.ErrNotSupported
		}
		if ch.Archived {
			return entity.ErrIsArchived
		}
		if err := entity.CheckChannelName(name); err != nil {
			return err
		}
		if other := w.channelNamed(ch.Workspace, name); other != nil && other.ID != channel {
			return entity.ErrNameTaken
		}
		out = *ch
		old := out.Name
		out.Name, out.Updated = name, w.clock.Now().UnixMilli()
		out.Previous = append(append([]string{}, ch.Previous...), old)
		w.channels.Put(c.log, channel, out)
		w.note(c, out, actor, "channel_name", `has renamed the channel from "`+old+`" to "`+name+`"`, map[string]any{"old_name": old, "name": name})
		c.emit(scope{workspace: out.Workspace, channel: channel}, out.Prefix()+"_rename", map[string]any{
			"channel": map[string]any{"id": channel, "name": name, "created": out.Created, "is_channel": out.Kind == Public, "is_mpim": false},
		})
		w.hintMembers(c, out)
		return nil
	})
	return out, err
}
