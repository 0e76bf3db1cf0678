package world

import (
	"slices"
	"strings"

	"caseline/internal/slacksim/entity"
)

// A ChannelLine is one line of a person's list of channels.
type ChannelLine struct {
	Channel  Channel
	Title    string // the name to show; for direct messages, who it is with
	With     []User // of direct messages: the others
	Unread   int    // messages of others since they last looked
	Mentions int    // those of them that mention the person, and all in direct messages
	Latest   string // ts of the newest message, or "0"
	Read     string // ts up to which they have read
}

// Sidebar returns the channels a person is in: by name, then their direct
// messages. Archived channels are left out.
func (w *World) Sidebar(user string) []ChannelLine {
	w.mu.Lock()
	defer w.mu.Unlock()
	var chs []Channel
	for _, ch := range w.channels.Rows {
		if ch.Has(user) && !ch.Archived {
			chs = append(chs, *ch)
		}
	}
	slices.SortFunc(chs, entity.ByName)
	out := make([]ChannelLine, len(chs))
	for i, ch := range chs {
		out[i] = w.line(user, ch)
	}
	return out
}

func (w *World) line(user string, ch Channel) ChannelLine {
	l := ChannelLine{Channel: ch, Title: ch.Name, Read: "0"}
	if m := w.marks.Rows[user+"/"+ch.ID]; m != nil {
		l.Read = m.Read
	}
	r := w.room(ch.ID)
	l.Latest = r.Latest()
	l.Unread, l.Mentions = r.News(user, l.Read, w.names(user))
	if ch.Kind == Direct || ch.Kind == Group {
		l.Mentions = l.Unread
		var names []string
		for _, id := range ch.Members {
			if id != user {
				l.With = append(l.With, *w.users.Rows[id])
				names = append(names, w.users.Rows[id].Shown())
			}
		}
		l.Title = strings.Join(names, ", ")
	}
	return l
}

// Browse returns the public channels a person could join, by name.
func (w *World) Browse(user string) []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.users.Rows[user]
	var out []Channel
	for _, ch := range w.channels.Rows {
		if u != nil && ch.VisibleTo(*u) && ch.Kind == Public && !ch.Archived && !ch.Has(user) {
			out = append(out, *ch)
		}
	}
	slices.SortFunc(out, entity.ByName)
	return out
}
