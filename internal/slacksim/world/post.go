package world

import (
	"strings"

	"caseline/internal/slacksim/entity"
)

// Post posts a message.
func (w *World) Post(p Posting) (Message, error) {
	var out Message
	err := w.update(func(c *Change) error {
		if err := w.mayPost(p); err != nil {
			return err
		}
		out = w.post(c, p)
		return nil
	})
	return out, err
}

// MayPost returns the error that a posting would meet, if any.
func (w *World) MayPost(p Posting) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mayPost(p)
}

// mayPost checks everything that can keep a posting out.
func (w *World) mayPost(p Posting) error {
	ch, err := w.seen(p.User, p.Channel)
	if err != nil && p.Anywhere {
		ch = w.channels.Rows[p.Channel]
	}
	if ch == nil {
		return entity.ErrChannelNotFound
	}
	u := w.users.Rows[p.User]
	switch {
	case ch.Archived:
		return entity.ErrIsArchived
	case !ch.Has(p.User) && !p.Anywhere:
		return entity.ErrNotInChannel
	case ch.ReadOnly && !u.Admin:
		return entity.ErrRestrictedAction
	case p.Empty():
		return entity.ErrNoText
	}
	if p.ThreadTS == "" {
		return nil
	}
	parent := w.room(p.Channel).ByTS[p.ThreadTS]
	if parent == nil || parent.IsReply() || parent.System() {
		return entity.ErrCantReply
	}
	return nil
}

func (w *World) post(c *Change, p Posting) Message {
	ch, u := *w.channels.Rows[p.Channel], *w.users.Rows[p.User]
	m := p.Message(u, w.nextTS())
	w.beginThread(c, p.Channel, p.ThreadTS)
	w.putMessage(c, m)
	w.shareFiles(c, m)
	if !u.Bot {
		w.setMark(c, p.User, p.Channel, m.TS)
	}
	w.hintMembers(c, ch)
	w.emitPosted(c, ch, m)
	if w.opts.Unfurl && !p.NoUnfurl && strings.Contains(m.Text, "<http") {
		w.unfurl(c, ch, m)
	}
	return w.show(w.room(m.Channel).ByTS[m.TS])
}

// beginThread marks a message as the parent of a thread.
func (w *World) beginThread(c *Change, channel, ts string) {
	parent := w.room(channel).ByTS[ts]
	if parent == nil || parent.ThreadTS != "" {
		return
	}
	root := *parent
	root.ThreadTS = ts
	w.putMessage(c, root)
}

func (w *World) emitPosted(c *Change, ch Channel, m Message) {
	body := w.eventMessage(ch, m)
	if m.IsReply() {
		if parent := w.room(ch.ID).ByTS[m.ThreadTS]; parent != nil {
			body["parent_user_id"] = parent.User
			if m.Subtype == "thread_broadcast" {
				body["root"] = w.show(parent).Wire(true)
			}
		}
	}
	c.emitMessage(ch, body, m)
	for _, id := range m.FileIDs {
		by := m.User
		c.emit(scope{workspace: ch.Workspace, channel: ch.ID}, "file_shared", map[string]any{
			"file_id": id, "user_id": by, "file": map[string]any{"id": id}, "channel_id": ch.ID,
		})
	}
	if w.opts.ThreadCounters && m.IsReply() {
		c.emitHidden(ch, "message_replied", map[string]any{"message": w.show(w.room(ch.ID).ByTS[m.ThreadTS]).Wire(true)})
	}
}

// eventMessage is a message as an event has it.
func (w *World) eventMessage(ch Channel, m Message) map[string]any {
	stored := m
	if s := w.room(ch.ID).ByTS[m.TS]; s != nil {
		stored = w.show(s)
	}
	body := stored.Wire(true)
	if stored.User != "" && !stored.System() {
		body["user_team"] = stored.Workspace
		if u := w.users.Rows[stored.User]; u != nil && u.Stranger() {
			body["source_team"], body["user_profile"] = u.Home, u.Brief(w.base)
		}
	}
	body["channel"], body["channel_type"], body["event_ts"] = ch.ID, ch.TypeName(), m.TS
	return body
}

// note posts what Slack itself writes about something that happened.
func (w *World) note(c *Change, ch Channel, user, subtype, text string, extra map[string]any) Message {
	m := Message{Channel: ch.ID, TS: w.nextTS(), User: user, Subtype: subtype, Text: text, Workspace: ch.Workspace, Extra: extra}
	w.putMessage(c, m)
	c.emitMessage(ch, w.eventMessage(ch, m), m)
	return m
}

// unfurl rewrites a message the way Slack does when it has looked at its links.
func (w *World) unfurl(c *Change, ch Channel, m Message) {
	before := w.show(w.room(ch.ID).ByTS[m.TS]).Wire(true)
	m = m.Unfurled()
	w.putMessage(c, m)
	after := w.show(w.room(ch.ID).ByTS[m.TS]).Wire(true)
	c.emitHidden(ch, "message_changed", map[string]any{"message": after, "previous_message": before})
}
