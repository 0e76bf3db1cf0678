package wire

import (
	"encoding/json"

	"caseline/internal/slack/wire/lenient"
)

// The types of frames that Slack sends over a socket.
const (
	TypeHello       = "hello"
	TypeDisconnect  = "disconnect"
	TypeEventsAPI   = "events_api"     // the payload is an events request's body
	TypeSlash       = "slash_commands" // the payload has the form's fields
	TypeInteractive = "interactive"    // the payload is an interaction
)

// Why Slack says that it will close a connection.
const (
	ReasonWarning  = "warning"             // in about ten seconds
	ReasonRefresh  = "refresh_requested"   // now; every connection's end after some hours
	ReasonDisabled = "link_disabled"       // Socket Mode was switched off for the app
	ReasonTooMany  = "too_many_websockets" // more connections than an app may have
)

// A Frame is one text message of a Socket Mode connection. Fields that its type
// does not have are empty.
type Frame struct {
	Type string

	// What is to be acked has an id.
	EnvelopeID     string
	Payload        json.RawMessage // as it came
	AcceptsPayload bool            // the ack may carry an answer
	RetryAttempt   int64           // 0 for the first
	RetryReason    string

	NumConnections int64  // hello: of the app, as Slack counts, with this one; 0 when it does not say
	Host           string // hello, disconnect: of Slack's, for a log
	Reason         string // disconnect
	AppID          string // hello

	Odd []Odd
}

// DecodeFrame decodes a message from a socket. With an error the Frame has what
// was read before the place: the id, as a rule, by which it can be acked.
func DecodeFrame(raw []byte) (Frame, error) {
	var f Frame
	err := decode(raw, &f.Odd, func(r *lenient.Reader) { readFrame(r, &f) })
	return f, err
}

func readFrame(r *lenient.Reader, f *Frame) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			r.Str(&f.Type)
		case "envelope_id":
			r.Str(&f.EnvelopeID)
		case "payload":
			r.Raw(&f.Payload)
		case "accepts_response_payload":
			r.Flag(&f.AcceptsPayload)
		case "retry_attempt":
			r.Num(&f.RetryAttempt)
		case "retry_reason":
			r.Str(&f.RetryReason)
		case "num_connections":
			r.Num(&f.NumConnections)
		case "reason":
			r.Str(&f.Reason)
		case "debug_info":
			readNamed(r, "host", &f.Host)
		case "connection_info":
			readNamed(r, "app_id", &f.AppID)
		default:
			r.Skip()
		}
	}
}

// readNamed reads one field of the object that begins here, and skips the rest.
func readNamed(r *lenient.Reader, name string, dst *string) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		if key == name {
			r.Str(dst)
		} else {
			r.Skip()
		}
	}
}
