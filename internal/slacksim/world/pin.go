package world

import "caseline/internal/slacksim/entity"

const maxPins = 100

// Pin puts a message among the channel's pins and posts the note about it.
func (w *World) Pin(actor, channel, ts string) error {
	return w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		if err != nil {
			return err
		}
		m := w.room(channel).ByTS[ts]
		switch {
		case m == nil:
			return entity.ErrMessageNotFound
		case m.System() || m.Subtype == "tombstone":
			return entity.ErrNotPinnable
		case m.PinnedBy != "":
			return entity.ErrAlreadyPinned
		case len(w.room(channel).Pins()) >= maxPins:
			return entity.ErrTooManyPins
		}
		next := *m
		next.PinnedBy, next.PinnedAt = actor, w.clock.Now().Unix()
		w.putMessage(c, next)
		w.emitPin(c, *ch, actor, "pin_added", next)
		w.note(c, *ch, actor, "pinned_item", "<@"+actor+"> pinned a message to this channel.", map[string]any{
			"item_type": "C", "item": map[string]any{"type": "message", "ts": ts, "channel": channel, "created": next.PinnedAt, "created_by": actor},
		})
		w.hintMembers(c, *ch)
		return nil
	})
}

// Unpin takes a message from the channel's pins.
func (w *World) Unpin(actor, channel, ts string) error {
	return w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		if err != nil {
			return err
		}
		m := w.room(channel).ByTS[ts]
		switch {
		case m == nil:
			return entity.ErrMessageNotFound
		case m.PinnedBy == "":
			return entity.ErrNoPin
		}
		w.emitPin(c, *ch, actor, "pin_removed", *m)
		next := *m
		next.PinnedBy, next.PinnedAt = "", 0
		w.putMessage(c, next)
		return nil
	})
}

func (w *World) emitPin(c *Change, ch Channel, actor, kind string, m Message) {
	c.emit(scope{workspace: ch.Workspace, channel: ch.ID}, kind, map[string]any{
		"user": actor, "channel_id": ch.ID, "pin_count": len(w.room(ch.ID).Pins()), "item_user": m.User,
		"item": map[string]any{
			"type": "message", "channel": ch.ID, "created": m.PinnedAt, "created_by": m.PinnedBy, "message": w.show(&m).Wire(false),
		},
	})
}

// Pins returns a channel's pinned messages, the one pinned last first.
func (w *World) Pins(viewer, channel string) ([]Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.seen(viewer, channel); err != nil {
		return nil, err
	}
	return w.showAll(w.room(channel).Pins()), nil
}
