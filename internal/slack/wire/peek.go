package wire

import (
	"cmp"

	"caseline/internal/slack/wire/lenient"
)

// A Peeked is what an ingress needs of a delivery to store it in its lane,
// without decoding the rest.
type Peeked struct {
	Type       string // the outer type
	Workspace  string // see Envelope.Workspace
	Enterprise string // the organisation of the installation that it is for; empty outside of one
	EventID    string
	EventType  string // the inner type
	Subtype    string
	Channel    string
	Ts         Ts // the event's own
	ThreadTs   Ts // see Message.Thread
	User       string
	BotID      string
	AppID      string // of the message's author, not of the receiving app
	Shared     bool   // it is of a channel that Slack Connect shares
}

// Kind returns the inner type and, after a slash, the subtype if there is one:
// "message", "message/message_changed", "reaction_added".
func (p *Peeked) Kind() string {
	if p.Subtype == "" {
		return p.EventType
	}
	return p.EventType + "/" + p.Subtype
}

// Peek reads the lane's key and the like from an events request. It reads the
// whole body and so finds the same syntax errors as Decode.
func Peek(body []byte) (Peeked, error) {
	var p Peeked
	var odd []Odd
	err := decode(body, &odd, func(r *lenient.Reader) { peeked(r, &p) })
	return p, err
}

func peeked(r *lenient.Reader, p *Peeked) {
	var team, context, enterprise string
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			r.Str(&p.Type)
		case "event_id":
			r.Str(&p.EventID)
		case "team_id":
			r.Str(&team)
		case "context_team_id":
			r.Str(&context)
		case "enterprise_id":
			r.Str(&enterprise)
		case "is_ext_shared_channel":
			r.Flag(&p.Shared)
		case "authorizations":
			peekAuthorizations(r, p)
		case "event":
			peekEvent(r, p)
		default:
			r.Skip()
		}
	}
	p.Workspace = cmp.Or(p.Workspace, context, team)
	p.Enterprise = cmp.Or(p.Enterprise, enterprise)
}

// peekAuthorizations reads the workspace of the first authorization, and its
// organisation.
func peekAuthorizations(r *lenient.Reader, p *Peeked) {
	if r.Peek() != '[' {
		r.Skip()
		return
	}
	p.Workspace, p.Enterprise = "", ""
	r.List()
	for first := true; r.Element(); {
		if !first || r.Peek() != '{' {
			r.Skip()
			continue
		}
		first = false
		r.Object()
		for key, ok := r.Field(); ok; key, ok = r.Field() {
			switch key {
			case "team_id":
				r.Str(&p.Workspace)
			case "enterprise_id":
				r.Str(&p.Enterprise)
			default:
				r.Skip()
			}
		}
	}
}

// peekEvent reads the inner event's fields about its place and author.
func peekEvent(r *lenient.Reader, p *Peeked) {
	if r.Peek() != '{' {
		r.Skip()
		return
	}
	*p = Peeked{Type: p.Type, Workspace: p.Workspace, Enterprise: p.Enterprise, EventID: p.EventID, Shared: p.Shared}
	var channelID, itemChannel, inner, previous string
	typed := false
	r.Object()
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			if typed || r.Peek() != '"' {
				r.Skip() // as Decode, which goes by the first
				continue
			}
			p.EventType, typed = r.Text(), true
		case "subtype":
			r.Str(&p.Subtype)
		case "channel":
			r.IDOf(&p.Channel, nil)
		case "channel_id", "old_channel_id": // the lane is what we call it
			r.Str(&channelID)
		case "ts":
			readTs(r, &p.Ts)
		case "thread_ts":
			readTs(r, &p.ThreadTs)
		case "user":
			r.IDOf(&p.User, nil)
		case "bot_id":
			r.Str(&p.BotID)
		case "app_id":
			r.Str(&p.AppID)
		case "item":
			peekField(r, "channel", &itemChannel)
		case "message":
			peekField(r, "thread_ts", &inner)
		case "previous_message":
			peekField(r, "thread_ts", &previous)
		default:
			r.Skip()
		}
	}
	p.Channel = cmp.Or(p.Channel, channelID, itemChannel)
	p.ThreadTs = cmp.Or(p.ThreadTs, Ts(inner), Ts(previous))
}

// peekField reads one field of the object that begins here, and skips the
// rest of it.
func peekField(r *lenient.Reader, name string, dst *string) {
	if r.Peek() != '{' {
		r.Skip()
		return
	}
	*dst = ""
	r.Object()
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		if key == name {
			r.Str(dst)
		} else {
			r.Skip()
		}
	}
}
