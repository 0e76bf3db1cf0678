package world

import "caseline/internal/slacksim/entity"

// React puts an emoji under a message.
func (w *World) React(actor, channel, ts, emoji string) error {
	return w.react(actor, channel, ts, emoji, true)
}

// Unreact takes the actor's emoji away.
func (w *World) Unreact(actor, channel, ts, emoji string) error {
	return w.react(actor, channel, ts, emoji, false)
}

func (w *World) react(actor, channel, ts, emoji string, add bool) error {
	return w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		if err != nil {
			return err
		}
		m := w.room(channel).ByTS[ts]
		switch {
		case !entity.IsEmojiName(emoji):
			return entity.ErrInvalidEmoji
		case m == nil:
			return entity.ErrMessageNotFound
		case ch.Archived:
			return entity.ErrIsArchived
		}
		next := *m
		next.Reactions, err = entity.Toggle(m.Reactions, emoji, actor, add)
		if err != nil {
			return err
		}
		w.putMessage(c, next)
		kind := "reaction_added"
		if !add {
			kind = "reaction_removed"
		}
		c.emit(scope{workspace: ch.Workspace, channel: channel}, kind, map[string]any{
			"user": actor, "reaction": emoji, "item_user": m.User,
			"item": map[string]any{"type": "message", "channel": channel, "ts": ts},
		})
		return nil
	})
}
