package entity

import (
	"maps"
	"strings"
)

// A Block is one Block Kit block, as JSON has it.
type Block = map[string]any

// Edited says who changed a message, and when.
type Edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// A Reaction is one emoji under a message.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// Icons is the picture a bot chose for one message.
type Icons struct {
	Emoji string `json:"emoji,omitempty"`
	URL   string `json:"image_48,omitempty"`
}

// Metadata is what an app hangs on a message for other apps to read.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload"`
}

// A Message is one message in a channel.
type Message struct {
	Channel     string           `json:"channel"`
	TS          string           `json:"ts"`
	ThreadTS    string           `json:"thread_ts,omitempty"` // the parent's ts; on the parent its own once it has replies
	Subtype     string           `json:"subtype,omitempty"`
	User        string           `json:"user,omitempty"` // empty for customised posts of bots
	BotID       string           `json:"bot_id,omitempty"`
	AppID       string           `json:"app_id,omitempty"`
	Username    string           `json:"username,omitempty"`
	Icons       *Icons           `json:"icons,omitempty"`
	Workspace   string           `json:"team"`
	ClientMsgID string           `json:"client_msg_id,omitempty"`
	Text        string           `json:"text"`
	Blocks      []Block          `json:"blocks,omitempty"`
	Attachments []map[string]any `json:"attachments,omitempty"`
	Metadata    *Metadata        `json:"metadata,omitempty"`
	FileIDs     []string         `json:"file_ids,omitempty"`
	Edited      *Edited          `json:"edited,omitempty"`
	Reactions   []Reaction       `json:"reactions,omitempty"`
	PinnedBy    string           `json:"pinned_by,omitempty"`
	PinnedAt    int64            `json:"pinned_at,omitempty"`
	Upload      bool             `json:"upload,omitempty"`
	Hidden      bool             `json:"hidden,omitempty"`
	// Extra holds what only some subtypes have: topic, inviter, old_name, …
	Extra map[string]any `json:"extra,omitempty"`

	// These are worked out whenever a message is read.
	Files      []File   `json:"-"`
	ReplyCount int      `json:"-"`
	ReplyUsers []string `json:"-"` // at most five, in the order of their first reply
	Latest     string   `json:"-"` // ts of the last reply
	BotName    string   `json:"-"` // the real name of the bot that wrote it
}

// Customised reports whether a bot wrote the message under a name of its choice.
func (m Message) Customised() bool { return m.Subtype == "bot_message" }

// IsReply reports whether the message stands in a thread, below its parent.
func (m Message) IsReply() bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// InChannel reports whether the message is shown in the channel itself, not
// only in a thread.
func (m Message) InChannel() bool { return !m.IsReply() || m.Subtype == "thread_broadcast" }

// System reports whether Slack wrote the message about something that happened.
func (m Message) System() bool {
	switch m.Subtype {
	case "", "bot_message", "file_share", "thread_broadcast", "me_message", "tombstone":
		return false
	}
	return true
}

// Wire is the message as the Web API and events have it. Apps see metadata
// only when they ask for it.
func (m Message) Wire(withMetadata bool) map[string]any {
	out := map[string]any{"type": "message", "ts": m.TS, "text": m.Text}
	maps.Copy(out, m.Extra)
	set := func(k, v string) {
		if v != "" {
			out[k] = v
		}
	}
	set("subtype", m.Subtype)
	set("user", m.User)
	set("bot_id", m.BotID)
	set("app_id", m.AppID)
	set("username", m.Username)
	set("thread_ts", m.ThreadTS)
	set("client_msg_id", m.ClientMsgID)
	if !m.System() && m.Subtype != "bot_message" && m.Subtype != "tombstone" {
		set("team", m.Workspace)
	}
	if m.Subtype == "" && m.BotID != "" {
		out["bot_profile"] = map[string]any{
			"id": m.BotID, "app_id": m.AppID, "name": m.BotName, "deleted": false, "updated": 0, "team_id": m.Workspace,
			"icons": map[string]any{"image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png"},
		}
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		out["attachments"] = m.Attachments
	}
	m.wireRest(out, withMetadata)
	return out
}

func (m Message) wireRest(out map[string]any, withMetadata bool) {
	if m.Icons != nil {
		out["icons"] = *m.Icons
	}
	if withMetadata && m.Metadata != nil {
		out["metadata"] = *m.Metadata
	}
	if len(m.Files) > 0 {
		files := make([]any, len(m.Files))
		for i, f := range m.Files {
			files[i] = f.Wire()
		}
		out["files"] = files
		out["upload"] = m.Upload
		out["display_as_bot"] = false
	}
	if m.Edited != nil {
		out["edited"] = *m.Edited
	}
	if m.Hidden {
		out["hidden"] = true
	}
	if len(m.Reactions) > 0 {
		rs := make([]any, len(m.Reactions))
		for i, r := range m.Reactions {
			rs[i] = map[string]any{"name": r.Name, "users": r.Users, "count": len(r.Users)}
		}
		out["reactions"] = rs
	}
	if m.PinnedBy != "" {
		out["pinned_to"] = []string{m.Channel}
		out["pinned_info"] = map[string]any{"channel": m.Channel, "pinned_by": m.PinnedBy, "pinned_ts": m.PinnedAt}
	}
	if m.ReplyCount > 0 {
		out["reply_count"] = m.ReplyCount
		out["reply_users"] = m.ReplyUsers
		out["reply_users_count"] = len(m.ReplyUsers)
		out["latest_reply"] = m.Latest
		out["is_locked"] = false
		out["subscribed"] = false
	}
}

// LinkIn is the first link of a text.
func LinkIn(text string) string {
	_, rest, _ := strings.Cut(text, "<http")
	url, _, _ := strings.Cut(rest, ">")
	url, _, _ = strings.Cut(url, "|")
	return "http" + url
}
