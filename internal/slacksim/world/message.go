package world

import (
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/room"
)

// show fills in what is worked out on reading. The world's mutex is held.
func (w *World) show(m *Message) Message {
	out := w.room(m.Channel).Counted(m)
	for _, id := range m.FileIDs {
		if f := w.files.Rows[id]; f != nil {
			out.Files = append(out.Files, w.showFile(*f))
		}
	}
	if m.BotID != "" {
		if in, ok := w.Apps.ByBotID(m.BotID); ok {
			out.BotName = w.users.Rows[in.BotUser].RealName
		}
	}
	return out
}

func (w *World) showAll(ms []*Message) []Message {
	out := make([]Message, len(ms))
	for i, m := range ms {
		out[i] = w.show(m)
	}
	return out
}

func (w *World) room(channel string) *room.Room { return w.rooms.Of(channel) }

func (w *World) putMessage(c *Change, m Message) {
	w.rooms.Put(c.log, m)
	c.hint(feed.Channel, m.Channel)
}

func (w *World) dropMessage(c *Change, m Message) {
	w.rooms.Drop(c.log, m)
	c.hint(feed.Channel, m.Channel)
}
