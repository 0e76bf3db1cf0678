package world

import (
	"encoding/json"
	"strings"

	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
	"caseline/internal/slacksim/room"
)

func (w *World) room(channel string) *room.Room {
	r := w.rooms[channel]
	if r == nil {
		r = room.New()
		w.rooms[channel] = r
	}
	return r
}

const messageKind = "message"

type messageLoader struct{ w *World }

func (l messageLoader) Load(key string, value json.RawMessage) error {
	channel, ts, _ := strings.Cut(key, "/")
	if value == nil {
		l.w.room(channel).Drop(ts)
		return nil
	}
	m := new(Message)
	if err := json.Unmarshal(value, m); err != nil {
		return err
	}
	l.w.room(channel).Put(m)
	return nil
}

func (l messageLoader) Dump(log *keep.Log) {
	for channel, r := range l.w.rooms {
		for _, m := range r.All {
			log.Record(messageKind, channel+"/"+m.TS, m)
		}
	}
}

func (w *World) putMessage(c *change, m Message) {
	w.room(m.Channel).Put(&m)
	c.log.Record(messageKind, m.Channel+"/"+m.TS, m)
	c.hint(feed.Channel, m.Channel)
}

func (w *World) dropMessage(c *change, m Message) {
	w.room(m.Channel).Drop(m.TS)
	c.log.Forget(messageKind, m.Channel+"/"+m.TS)
	c.hint(feed.Channel, m.Channel)
}
