package slack

import (
	"time"

	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// A Recalled is a message of a history.
type Recalled struct {
	Ts        wire.Ts
	At        time.Time
	Message   *desk.Message       // a person's words and files; nil when there are none
	Gone      bool                // deleted in Slack, with replies that still stand
	Edit      *recording.Revision // what gave it the words it has now; nil when they are its first
	Broadcast bool                // a reply in a thread that the channel shows too
	Replied   time.Time           // when the newest reply to it was written; zero when there is none
}

// Recall reads a message of a channel's history the way the interpreter reads
// one that comes as an event, so that both have the same words, files and
// origins. ok is false when it cannot be read.
func Recall(self served.Workspace, ch desk.ChannelID, raw []byte) (m Recalled, ok bool) {
	read, _, err := wire.DecodeMessage(raw)
	if err != nil {
		return Recalled{}, false
	}
	at, ok := instant(read.Ts)
	if !ok {
		return Recalled{}, false
	}
	m = Recalled{Ts: read.Ts, At: at, Gone: read.Subtype == "tombstone", Broadcast: read.Subtype == "thread_broadcast"}
	if read.ReplyCount > 0 {
		m.Replied, _ = instant(read.LatestTs)
	}
	if !m.Gone {
		r := reader{self: self, channel: ch}
		if m.Message = r.read(read).Message; m.Message != nil {
			m.Edit = r.edit(read, &wire.Message{Message: read}, read.Ts, at)
		}
	}
	return m, true
}

// GoneMessage is what is known of a message that was deleted.
func (m Recalled) GoneMessage(self served.Workspace, ch desk.ChannelID) desk.Message {
	return desk.Message{
		Place: ident.Channel(self.ID, ch), At: m.At, Origin: ident.MessageOrigin(self.ID, ch, string(m.Ts)),
	}
}
