package world

import (
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/room"
)

func (w *World) room(channel string) *room.Room { return w.rooms.Of(channel) }

func (w *World) putMessage(c *change, m Message) {
	w.rooms.Put(c.log, m)
	c.hint(feed.Channel, m.Channel)
}

func (w *World) dropMessage(c *change, m Message) {
	w.rooms.Drop(c.log, m)
	c.hint(feed.Channel, m.Channel)
}
