package slack

import (
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// A Recalled is a message of a history.
type Recalled struct {
	Ts        wire.Ts
	At        time.Time
	Message   *desk.Message // a person's words and files; nil when there are none
	Gone      bool          // deleted in Slack, with replies that still stand
	Edited    bool          // its words are not those it had first
	Broadcast bool          // a reply in a thread that the channel shows too
	Replied   time.Time     // when the newest reply to it was written; zero when there is none
}

// Recall reads a message of a channel's history the way the interpreter reads
// one that comes as an event, so that both have the same words, files and
// origins. ok is false when it cannot be read.
func Recall(self desk.Workspace, ch desk.ChannelID, raw []byte) (m Recalled, ok bool) {
	read, _, err := wire.DecodeMessage(raw)
	if err != nil {
		return Recalled{}, false
	}
	at, ok := instant(read.Ts)
	if !ok {
		return Recalled{}, false
	}
	m = Recalled{Ts: read.Ts, At: at, Gone: read.Subtype == "tombstone", Edited: read.Edited != nil, Broadcast: read.Subtype == "thread_broadcast"}
	if read.ReplyCount > 0 {
		m.Replied, _ = instant(read.LatestTs)
	}
	if !m.Gone {
		m.Message = reader{self: self, channel: ch}.read(read).Message
	}
	return m, true
}

// GoneMessage is what is known of a message that was deleted.
func (m Recalled) GoneMessage(self desk.Workspace, ch desk.ChannelID) desk.Message {
	return desk.Message{
		Place: ident.Channel(self.ID, ch), At: m.At, Origin: ident.MessageOrigin(self.ID, ch, string(m.Ts)),
	}
}
