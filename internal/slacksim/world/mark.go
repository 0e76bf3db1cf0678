package world

import (
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
)

// A mark is how far a person has read a channel.
type mark struct {
	Read string `json:"read"`
}

func (w *World) setMark(c *Change, user, channel, ts string) {
	w.marks.Put(c.log, user+"/"+channel, mark{ts})
	c.hint(feed.Sidebar, user)
}

// MarkRead notes that a person has seen a channel up to ts; empty means all.
func (w *World) MarkRead(user, channel, ts string) error {
	return w.update(func(c *Change) error {
		if _, err := w.seen(user, channel); err != nil {
			return err
		}
		if ts == "" {
			ts = w.room(channel).Latest()
		}
		if have := w.marks.Rows[user+"/"+channel]; have != nil && entity.CompareTS(have.Read, ts) >= 0 {
			return nil
		}
		w.setMark(c, user, channel, ts)
		return nil
	})
}
