package wire

import (
	"encoding/json"

	"caseline/internal/slack/wire/lenient"
)

// A Message is a message as an event carries it, as histories list it, and as
// other messages hold it: one shape for all, with the fields that a subtype
// does not have left empty.
type Message struct {
	Type    string
	Subtype string
	Hidden  bool // not shown by Slack itself: an edit, a deletion, a counter

	Channel     string
	ChannelType string // "channel", "group", "im", "mpim", "app_home"
	Ts          Ts     // of this event; for edits and deletions see Target
	EventTs     Ts
	ThreadTs    Ts // the parent's; a parent with replies has its own
	ClientMsgID string

	User         string
	ParentUserID string
	BotID        string
	AppID        string
	Username     string // the name a bot chose for this message
	Icons        json.RawMessage
	BotProfile   *BotProfile
	UserProfile  *Profile
	Team         string
	UserTeam     string
	SourceTeam   string
	Inviter      string // channel_join
	Topic        string // channel_topic
	Purpose      string // channel_purpose
	Name         string // channel_name
	OldName      string

	Text        string // with Slack's tokens; may be empty while Blocks or Files are not
	Blocks      json.RawMessage
	Files       []File
	Attachments []Attachment
	Metadata    *Metadata

	Edited     *Edited
	Message    *Message // message_changed: as it is now; its Ts is the target
	Previous   *Message // message_changed, message_deleted: as it was
	DeletedTs  Ts       // message_deleted: the target
	Root       *Message // thread_broadcast: the parent
	ReplyCount int64
	LatestTs   Ts // of the newest reply, in histories
}

// Edited says who last edited a message and when. A changed message without it
// was not edited by anyone: Slack added a preview or counted a reply.
type Edited struct {
	User string
	Ts   Ts
}

// A BotProfile names the app behind a message.
type BotProfile struct {
	ID     string
	AppID  string
	TeamID string
	Name   string
}

// Metadata is what an app attached to its message, readable by all apps.
type Metadata struct {
	EventType string
	Payload   json.RawMessage
}

// DecodeMessage decodes a message by itself, such as one of a history.
func DecodeMessage(raw []byte) (*Message, []Odd, error) {
	m := new(Message)
	var odd []Odd
	if err := decode(raw, &odd, func(r *lenient.Reader) { readMessage(r, m) }); err != nil {
		return nil, nil, err
	}
	return m, odd, nil
}

// Target returns the timestamp of the message that the event is about: its
// own, or that of the message it edits or deletes.
func (m *Message) Target() Ts {
	switch {
	case m.DeletedTs != "":
		return m.DeletedTs
	case m.Message != nil && m.Message.Ts != "":
		return m.Message.Ts
	case m.Previous != nil && m.Previous.Ts != "":
		return m.Previous.Ts
	}
	return m.Ts
}

// Thread returns the timestamp of the parent of the thread that the event is
// about, empty outside threads. A parent with replies counts as in its thread.
func (m *Message) Thread() Ts {
	switch {
	case m.ThreadTs != "":
		return m.ThreadTs
	case m.Message != nil && m.Message.ThreadTs != "":
		return m.Message.ThreadTs
	case m.Previous != nil:
		return m.Previous.ThreadTs
	}
	return ""
}

// Author returns the user id of who wrote the message that the event is about,
// or the bot id when no user did. It may be empty.
func (m *Message) Author() string {
	for _, x := range []*Message{m, m.Message, m.Previous} {
		if x == nil {
			continue
		}
		if x.User != "" {
			return x.User
		}
		if x.BotID != "" {
			return x.BotID
		}
	}
	return ""
}

// readMessage reads the message that begins here.
func readMessage(r *lenient.Reader, m *Message) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			r.Str(&m.Type)
		case "subtype":
			r.Str(&m.Subtype)
		case "channel":
			r.IDOf(&m.Channel, nil)
		case "channel_type":
			r.Str(&m.ChannelType)
		case "ts":
			readTs(r, &m.Ts)
		case "event_ts":
			readTs(r, &m.EventTs)
		case "thread_ts":
			readTs(r, &m.ThreadTs)
		case "client_msg_id":
			r.Str(&m.ClientMsgID)
		case "user":
			r.IDOf(&m.User, nil)
		case "team":
			r.Str(&m.Team)
		case "text":
			r.Str(&m.Text)
		case "blocks":
			r.Raw(&m.Blocks)
		default:
			if !readMessageAuthor(r, key, m) && !readMessageContent(r, key, m) {
				r.Skip()
			}
		}
	}
}

// readMessageAuthor reads the fields about where a message came from, and reports
// whether key is one.
func readMessageAuthor(r *lenient.Reader, key string, m *Message) bool {
	switch key {
	case "parent_user_id":
		r.Str(&m.ParentUserID)
	case "bot_id":
		r.Str(&m.BotID)
	case "app_id":
		r.Str(&m.AppID)
	case "username":
		r.Str(&m.Username)
	case "icons":
		r.Raw(&m.Icons)
	case "bot_profile":
		lenient.One(r, &m.BotProfile, readBotProfile)
	case "user_profile":
		lenient.One(r, &m.UserProfile, readProfile)
	case "user_team":
		r.Str(&m.UserTeam)
	case "source_team":
		r.Str(&m.SourceTeam)
	case "inviter":
		r.Str(&m.Inviter)
	case "topic":
		r.Str(&m.Topic)
	case "purpose":
		r.Str(&m.Purpose)
	case "name":
		r.Str(&m.Name)
	case "old_name":
		r.Str(&m.OldName)
	default:
		return false
	}
	return true
}

// readMessageContent reads the fields that only some messages have, and reports
// whether key is one.
func readMessageContent(r *lenient.Reader, key string, m *Message) bool {
	switch key {
	case "hidden":
		r.Flag(&m.Hidden)
	case "files":
		lenient.Each(r, &m.Files, readFile)
	case "attachments":
		lenient.Each(r, &m.Attachments, readAttachment)
	case "metadata":
		lenient.One(r, &m.Metadata, readMetadata)
	case "edited":
		lenient.One(r, &m.Edited, readEdited)
	case "message":
		lenient.One(r, &m.Message, readMessage)
	case "previous_message":
		lenient.One(r, &m.Previous, readMessage)
	case "deleted_ts":
		readTs(r, &m.DeletedTs)
	case "root":
		lenient.One(r, &m.Root, readMessage)
	case "reply_count":
		r.Num(&m.ReplyCount)
	case "latest_reply":
		readTs(r, &m.LatestTs)
	default:
		return false
	}
	return true
}

func readEdited(r *lenient.Reader, e *Edited) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "user":
			r.Str(&e.User)
		case "ts":
			readTs(r, &e.Ts)
		default:
			r.Skip()
		}
	}
}

func readBotProfile(r *lenient.Reader, p *BotProfile) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "id":
			r.Str(&p.ID)
		case "app_id":
			r.Str(&p.AppID)
		case "team_id":
			r.Str(&p.TeamID)
		case "name":
			r.Str(&p.Name)
		default:
			r.Skip()
		}
	}
}

func readMetadata(r *lenient.Reader, m *Metadata) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "event_type":
			r.Str(&m.EventType)
		case "event_payload":
			r.Raw(&m.Payload)
		default:
			r.Skip()
		}
	}
}
