package world

import "caseline/internal/slacksim/entity"

// Edit changes a message that the actor wrote.
func (w *World) Edit(actor, channel, ts string, r Revision) (Message, error) {
	return w.edit(actor, channel, ts, r, false)
}

// EditAs is Edit by the right of a response_url, for which a bot need not see
// the channel.
func (w *World) EditAs(bot, channel, ts string, r Revision) error {
	_, err := w.edit(bot, channel, ts, r, true)
	return err
}

func (w *World) edit(actor, channel, ts string, r Revision, anywhere bool) (Message, error) {
	var out Message
	err := w.update(func(c *Change) error {
		ch, m, err := w.ownMessage(actor, channel, ts, entity.ErrCantUpdate, anywhere)
		if err != nil {
			return err
		}
		if w.opts.EditWindow > 0 && w.clock.Now().Sub(entity.TSTime(ts)) > w.opts.EditWindow {
			return entity.ErrEditWindowClosed
		}
		next, err := r.Apply(*m)
		if err != nil {
			return err
		}
		before := w.show(m).Wire(true)
		at := w.nextTS()
		if !r.Quiet {
			next.Edited = &Edited{User: actor, TS: at}
		}
		w.putMessage(c, next)
		out = w.show(&next)
		body := map[string]any{"message": out.Wire(true), "previous_message": before}
		c.emitHiddenAt(*ch, "message_changed", at, body)
		return nil
	})
	return out, err
}

// ownMessage finds a message the actor may change or delete: their own, or for
// a bot its app's.
func (w *World) ownMessage(actor, channel, ts string, refusal entity.Err, anywhere bool) (*Channel, *Message, error) {
	ch, err := w.seen(actor, channel)
	if anywhere {
		ch, err = w.channels.Rows[channel], nil
	}
	if err != nil {
		return nil, nil, err
	}
	m := w.room(channel).ByTS[ts]
	if m == nil || m.Subtype == "tombstone" {
		return nil, nil, entity.ErrMessageNotFound
	}
	u := w.users.Rows[actor]
	mine := m.User == actor || (u.Bot && m.BotID == u.BotID)
	if refusal == entity.ErrCantDelete && u.Admin {
		mine = true
	}
	if refusal == entity.ErrCantDelete && u.Bot && m.Customised() && w.opts.NoDeleteCustomised {
		mine = false
	}
	if !mine || m.System() {
		return nil, nil, refusal
	}
	return ch, m, nil
}

// Delete removes a message that the actor wrote; admins remove anybody's. A
// message with replies leaves a tombstone.
func (w *World) Delete(actor, channel, ts string) error {
	return w.deleteOwn(actor, channel, ts, false)
}

// DeleteAs is Delete by the right of a response_url.
func (w *World) DeleteAs(bot, channel, ts string) error {
	return w.deleteOwn(bot, channel, ts, true)
}

func (w *World) deleteOwn(actor, channel, ts string, anywhere bool) error {
	return w.update(func(c *Change) error {
		ch, m, err := w.ownMessage(actor, channel, ts, entity.ErrCantDelete, anywhere)
		if err != nil {
			return err
		}
		w.delete(c, *ch, *m)
		return nil
	})
}

func (w *World) delete(c *Change, ch Channel, m Message) {
	before := w.show(&m).Wire(true)
	r := w.room(ch.ID)
	if len(r.Threads[m.TS]) > 0 {
		stone := m.Tombstone()
		w.putMessage(c, stone)
		c.emitHidden(ch, "message_changed", map[string]any{"message": w.show(&stone).Wire(true), "previous_message": before})
		return
	}
	w.dropMessage(c, m)
	c.emitHidden(ch, "message_deleted", map[string]any{"deleted_ts": m.TS, "previous_message": before})
	if parent := r.ByTS[m.ThreadTS]; m.IsReply() && parent != nil && len(r.Threads[m.ThreadTS]) == 0 {
		w.endThread(c, ch, *parent)
	}
	w.hintMembers(c, ch)
}

// endThread tidies a parent whose last reply is gone.
func (w *World) endThread(c *Change, ch Channel, parent Message) {
	if parent.Subtype != "tombstone" {
		parent.ThreadTS = ""
		w.putMessage(c, parent)
		return
	}
	w.dropMessage(c, parent)
	c.emitHidden(ch, "message_deleted", map[string]any{"deleted_ts": parent.TS, "previous_message": parent.Wire(true)})
}
