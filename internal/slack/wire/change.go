package wire

import "caseline/internal/slack/wire/lenient"

// A Membership says that a person joined or left a channel.
type Membership struct {
	User        string
	Channel     string
	ChannelType string // "C" or "G" here, unlike in messages
	Team        string // of the person
	Inviter     string
}

func readMembership(r *lenient.Reader, key string, m *Membership) bool {
	switch key {
	case "user":
		r.Str(&m.User)
	case "channel":
		r.Str(&m.Channel)
	case "channel_type":
		r.Str(&m.ChannelType)
	case "team":
		r.Str(&m.Team)
	case "inviter":
		r.Str(&m.Inviter)
	default:
		return false
	}
	return true
}

// A ChannelChange says that something happened to a channel: it was created,
// renamed, archived, left by the app, shared, or got another id.
type ChannelChange struct {
	Channel      string // its id; empty for channel_id_changed
	Name         string // when it was created or renamed
	User         string // who did it, when Slack says
	Creator      string
	OldChannelID string // channel_id_changed
	NewChannelID string
	IsExtShared  bool
}

func readChannelChange(r *lenient.Reader, key string, c *ChannelChange) bool {
	switch key {
	case "channel":
		r.IDOf(&c.Channel, func(key string) {
			switch key {
			case "name":
				r.Str(&c.Name)
			case "creator":
				r.Str(&c.Creator)
			case "is_ext_shared":
				r.Flag(&c.IsExtShared)
			default:
				r.Skip()
			}
		})
	case "user", "actor_id":
		r.Str(&c.User)
	case "old_channel_id":
		r.Str(&c.OldChannelID)
	case "new_channel_id":
		r.Str(&c.NewChannelID)
	case "is_ext_shared":
		r.Flag(&c.IsExtShared)
	default:
		return false
	}
	return true
}

// A Reaction says that a person put an emoji on something or took it away.
type Reaction struct {
	User     string
	Name     string // of the emoji, with its skin tone
	ItemUser string // who wrote the message; may be empty
	Item     Item
}

// An Item is what a reaction or a pin is about.
type Item struct {
	Type    string // "message" or "file"
	Channel string
	Ts      Ts
	File    string
	Message *Message // in pins
}

func readReaction(r *lenient.Reader, key string, x *Reaction) bool {
	switch key {
	case "user":
		r.Str(&x.User)
	case "reaction":
		r.Str(&x.Name)
	case "item_user":
		r.Str(&x.ItemUser)
	case "item":
		readItem(r, &x.Item)
	default:
		return false
	}
	return true
}

func readItem(r *lenient.Reader, x *Item) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			r.Str(&x.Type)
		case "channel":
			r.Str(&x.Channel)
		case "ts":
			readTs(r, &x.Ts)
		case "file":
			r.IDOf(&x.File, nil)
		case "message":
			lenient.One(r, &x.Message, readMessage)
		default:
			r.Skip()
		}
	}
	if x.Ts == "" && x.Message != nil {
		x.Ts = x.Message.Ts
	}
}

// A Pin says that a person pinned something in a channel or took it down.
type Pin struct {
	User    string
	Channel string
	Item    Item
}

func readPin(r *lenient.Reader, key string, p *Pin) bool {
	switch key {
	case "user":
		r.Str(&p.User)
	case "channel_id":
		r.Str(&p.Channel)
	case "item":
		readItem(r, &p.Item)
	default:
		return false
	}
	return true
}

// Tokens says whose tokens were revoked, as user ids.
type Tokens struct {
	OAuth []string
	Bot   []string
}

func readTokens(r *lenient.Reader, key string, t *Tokens) bool {
	if key != "tokens" {
		return false
	}
	if !r.Object() {
		return true
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "oauth":
			r.Strs(&t.OAuth)
		case "bot":
			r.Strs(&t.Bot)
		default:
			r.Skip()
		}
	}
	return true
}

// A FileChange says that a file was created, shared, changed or deleted. It
// has ids only: a shared file comes to light as a message with files.
type FileChange struct {
	File     string
	User     string
	Channel  string
	Channels []string // file_deleted
}

func readFileChange(r *lenient.Reader, key string, f *FileChange) bool {
	switch key {
	case "file_id":
		r.Str(&f.File)
	case "file":
		r.IDOf(&f.File, nil)
	case "user_id", "user":
		r.Str(&f.User)
	case "channel_id", "channel":
		r.Str(&f.Channel)
	case "channel_ids":
		r.Strs(&f.Channels)
	default:
		return false
	}
	return true
}

// A HomeOpened says that a person opened the app's home or its messages.
type HomeOpened struct {
	User    string
	Channel string
	Tab     string
	View    *View
}

func readHomeOpened(r *lenient.Reader, key string, h *HomeOpened) bool {
	switch key {
	case "user":
		r.Str(&h.User)
	case "channel":
		r.Str(&h.Channel)
	case "tab":
		r.Str(&h.Tab)
	case "view":
		lenient.One(r, &h.View, readView)
	default:
		return false
	}
	return true
}
