package room

import (
	"encoding/json"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/keep"
)

// Rooms are the rooms of all channels, kept in a journal.
type Rooms map[string]*Room

// Kind is the name of messages in the journal.
const Kind = "message"

// Of returns a channel's room, empty if nothing was said there.
func (rs Rooms) Of(channel string) *Room {
	r := rs[channel]
	if r == nil {
		r = New()
		rs[channel] = r
	}
	return r
}

// Put stores a message and notes it in the log.
func (rs Rooms) Put(l *keep.Log, m entity.Message) {
	rs.Of(m.Channel).Put(&m)
	l.Record(Kind, m.Channel+"/"+m.TS, m)
}

// Drop removes a message and notes that.
func (rs Rooms) Drop(l *keep.Log, m entity.Message) {
	rs.Of(m.Channel).Drop(m.TS)
	l.Forget(Kind, m.Channel+"/"+m.TS)
}

// Load takes in one record of the journal.
func (rs Rooms) Load(key string, value json.RawMessage) error {
	channel, ts, _ := strings.Cut(key, "/")
	if value == nil {
		rs.Of(channel).Drop(ts)
		return nil
	}
	m := new(entity.Message)
	if err := json.Unmarshal(value, m); err != nil {
		return err
	}
	rs.Of(channel).Put(m)
	return nil
}

// Dump notes every message in the log.
func (rs Rooms) Dump(l *keep.Log) {
	for channel, r := range rs {
		for _, m := range r.All {
			l.Record(Kind, channel+"/"+m.TS, m)
		}
	}
}
