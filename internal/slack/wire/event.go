package wire

import (
	"encoding/json"

	"caseline/internal/slack/wire/lenient"
)

// An Event is the inner event of an envelope. Content is set for the types
// that carry something this program reads:
//
//	*Message       message, app_mention
//	*Membership    member_joined_channel, member_left_channel
//	*ChannelChange channel_*, group_*, im_*
//	*Reaction      reaction_added, reaction_removed
//	*Pin           pin_added, pin_removed
//	*Tokens        tokens_revoked
//	*UserChange    user_change, team_join
//	*GroupChange   subteam_created, subteam_updated, subteam_members_changed
//	*FileChange    file_*
//	*HomeOpened    app_home_opened
//
// and nil for the others, such as app_uninstalled, which says all by its type.
type Event struct {
	Type    string
	Subtype string
	EventTs Ts
	Content any
	Raw     json.RawMessage
	Odd     []Odd // only from DecodeEvent; Decode lists them in the envelope
}

// DecodeEvent decodes an inner event by itself.
func DecodeEvent(raw []byte) (Event, error) {
	var ev Event
	err := decode(raw, &ev.Odd, func(r *lenient.Reader) {
		readEvent(r, &ev)
	})
	if err != nil {
		return Event{}, err
	}
	ev.Raw = raw
	return ev, nil
}

// readEvent reads the event that begins here. Its type may stand anywhere in it
// and decides what the rest means, so that is looked up first.
func readEvent(r *lenient.Reader, ev *Event) {
	*ev = Event{}
	if r.Peek() != '{' {
		r.Object()
		return
	}
	ev.Type = r.Ahead("type")
	switch ev.Type {
	case "message", "app_mention":
		m := new(Message)
		ev.Content = m
		readMessage(r, m)
		ev.Subtype, ev.EventTs = m.Subtype, m.EventTs
	case "member_joined_channel", "member_left_channel":
		readContent(r, ev, readMembership)
	case "reaction_added", "reaction_removed":
		readContent(r, ev, readReaction)
	case "pin_added", "pin_removed":
		readContent(r, ev, readPin)
	case "tokens_revoked":
		readContent(r, ev, readTokens)
	case "user_change", "team_join":
		readContent(r, ev, readUserChange)
	case "subteam_created", "subteam_updated", "subteam_members_changed":
		readContent(r, ev, readGroupChange)
	case "app_home_opened":
		readContent(r, ev, readHomeOpened)
	default:
		switch family(ev.Type) {
		case "channel", "group", "im":
			readContent(r, ev, readChannelChange)
		case "file":
			readContent(r, ev, readFileChange)
		default:
			readContent[struct{}](r, ev, nil)
		}
	}
}

// readContent reads an event's fields: the common ones here, the others by
// field, which reports whether it has read the value of key. A nil field makes
// an event without content.
func readContent[T any](r *lenient.Reader, ev *Event, field func(*lenient.Reader, string, *T) bool) {
	var content *T
	if field != nil {
		content = new(T)
		ev.Content = content
	}
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch {
		case key == "subtype":
			r.Str(&ev.Subtype)
		case key == "event_ts":
			readTs(r, &ev.EventTs)
		case content == nil || !field(r, key, content):
			r.Skip()
		}
	}
}

// family returns what stands before the first underscore.
func family(s string) string {
	for i := range len(s) {
		if s[i] == '_' {
			return s[:i]
		}
	}
	return s
}
