package entity

import (
	"cmp"
	"slices"
	"strings"
)

// A Posting is a message to be posted.
type Posting struct {
	Channel     string
	User        string // who posts: a person, or a bot's user
	ThreadTS    string // the parent, for a reply
	Broadcast   bool   // show the reply in the channel too
	Text        string // as Slack stores it: escaped, with <…> tokens
	Blocks      []Block
	Attachments []map[string]any
	Metadata    *Metadata
	FileIDs     []string
	ClientMsgID string // of a person's client
	Me          bool   // as an emote
	NoUnfurl    bool

	// Username and Icons make a bot's message one of its own choosing.
	Username string
	Icons    *Icons
	// Anywhere lets a bot post in public channels it is not in
	// (chat:write.public), and an answer to a response_url go to any channel.
	Anywhere bool
}

// Empty reports whether there is nothing to post.
func (p Posting) Empty() bool {
	return strings.TrimSpace(p.Text) == "" && len(p.Blocks) == 0 && len(p.Attachments) == 0 && len(p.FileIDs) == 0
}

// Message is the message that the posting becomes when u posts it.
func (p Posting) Message(u User, ts string) Message {
	m := Message{
		Channel: p.Channel, TS: ts, ThreadTS: p.ThreadTS, User: p.User, Workspace: u.Team(),
		Text: p.Text, Blocks: p.Blocks, Attachments: p.Attachments, Metadata: p.Metadata,
		FileIDs: p.FileIDs, ClientMsgID: p.ClientMsgID,
	}
	if u.Bot {
		m.BotID, m.AppID = u.BotID, u.AppID
	}
	switch {
	case u.Bot && (p.Username != "" || p.Icons != nil):
		m.Subtype, m.User = "bot_message", ""
		m.Username, m.Icons = cmp.Or(p.Username, u.RealName), p.Icons
	case p.Me:
		m.Subtype = "me_message"
	case p.ThreadTS != "" && p.Broadcast:
		m.Subtype = "thread_broadcast"
	case len(p.FileIDs) > 0:
		m.Subtype, m.Upload = "file_share", true
	}
	return m
}

// Unfurled is the message after Slack has looked at its first link.
func (m Message) Unfurled() Message {
	url := LinkIn(m.Text)
	m.Attachments = append(slices.Clone(m.Attachments), map[string]any{
		"id": 1, "from_url": url, "original_url": url, "fallback": url, "title": url, "title_link": url, "service_name": "example",
	})
	return m
}

// Tombstone is what stays of a deleted message while its thread has replies.
func (m Message) Tombstone() Message {
	return Message{
		Channel: m.Channel, TS: m.TS, ThreadTS: m.ThreadTS, Workspace: m.Workspace,
		Subtype: "tombstone", User: Slackbot, Text: "This message was deleted.", Hidden: true,
	}
}

// Shared is the file after a message has shown it.
func (f File) Shared(m Message) File {
	shares := map[string][]Share{}
	for channel, list := range f.Shares {
		shares[channel] = slices.Clone(list)
	}
	shares[m.Channel] = append(shares[m.Channel], Share{TS: m.TS, ThreadTS: m.ThreadTS})
	f.Shares = shares
	return f
}
