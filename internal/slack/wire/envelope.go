package wire

import (
	"cmp"
	"encoding/json"

	"caseline/internal/slack/wire/lenient"
)

// The outer types that an events request may have.
const (
	TypeEventCallback   = "event_callback"
	TypeURLVerification = "url_verification"
	TypeAppRateLimited  = "app_rate_limited"
)

// An Odd is a part that was there but of a kind that its field cannot take.
// The field has its zero value.
type Odd = lenient.Odd

// A SyntaxError says that a body is not the JSON it should be. It is the only
// error that decoding JSON has.
type SyntaxError = lenient.SyntaxError

// An Envelope is what Slack wraps around an event, or sends instead of one.
type Envelope struct {
	Type                string
	TeamID              string // where it happened; may be empty on Enterprise Grid
	EnterpriseID        string
	ContextTeamID       string
	ContextEnterpriseID string
	APIAppID            string
	EventID             string // the same on every retry, as a rule
	EventTime           int64  // UTC seconds
	EventContext        string
	IsExtSharedChannel  bool
	Authorizations      []Authorization // the installation it is delivered for; one at most today
	Event               json.RawMessage // the inner event as it came

	Challenge         string // url_verification: to be answered
	MinuteRateLimited int64  // app_rate_limited: the minute whose events are lost, UTC seconds

	Odd []Odd
}

// An Authorization is an installation of the app that may see an event.
type Authorization struct {
	EnterpriseID        string
	TeamID              string
	UserID              string
	IsBot               bool
	IsEnterpriseInstall bool
}

// Workspace returns the workspace whose installation an event is for. That is
// the authorization's, not the author's: in a channel shared between
// organisations the two differ, and the event comes only once. Where the
// installation is an organisation's, its context says through which workspace
// we hear of it.
func (e *Envelope) Workspace() string {
	authorized := ""
	if len(e.Authorizations) > 0 {
		authorized = e.Authorizations[0].TeamID
	}
	return cmp.Or(authorized, e.ContextTeamID, e.TeamID)
}

// DecodeEnvelope decodes the envelope and leaves the event raw.
func DecodeEnvelope(body []byte) (Envelope, error) {
	var e Envelope
	err := decode(body, &e.Odd, func(r *lenient.Reader) { readEnvelope(r, &e, nil) })
	return e, err
}

// Decode decodes the envelope and the event in it in one pass.
func Decode(body []byte) (Envelope, Event, error) {
	var e Envelope
	var ev Event
	err := decode(body, &e.Odd, func(r *lenient.Reader) { readEnvelope(r, &e, &ev) })
	return e, ev, err
}

// decode reads body, which must be one JSON object, by read.
func decode(body []byte, odd *[]Odd, read func(*lenient.Reader)) error {
	r := lenient.New(body)
	if r.Peek() != '{' {
		r.Refuse("no object")
		return r.End()
	}
	read(r)
	*odd = r.Odd()
	return r.End()
}

func readEnvelope(r *lenient.Reader, e *Envelope, ev *Event) {
	var users []string
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			r.Str(&e.Type)
		case "team_id":
			r.Str(&e.TeamID)
		case "enterprise_id":
			r.Str(&e.EnterpriseID)
		case "context_team_id":
			r.Str(&e.ContextTeamID)
		case "context_enterprise_id":
			r.Str(&e.ContextEnterpriseID)
		case "api_app_id":
			r.Str(&e.APIAppID)
		case "event_id":
			r.Str(&e.EventID)
		case "event_time":
			r.Num(&e.EventTime)
		case "event_context":
			r.Str(&e.EventContext)
		case "is_ext_shared_channel":
			r.Flag(&e.IsExtSharedChannel)
		case "authorizations":
			lenient.Each(r, &e.Authorizations, readAuthorization)
		case "authed_users":
			r.Strs(&users)
		case "event":
			readInnerEvent(r, e, ev)
		case "challenge":
			r.Str(&e.Challenge)
		case "minute_rate_limited":
			r.Num(&e.MinuteRateLimited)
		default:
			r.Skip()
		}
	}
	if e.Authorizations == nil && len(users) > 0 {
		// Older payloads list users in place of authorizations.
		e.Authorizations = []Authorization{{TeamID: e.Workspace(), UserID: users[0]}}
	}
}

// readInnerEvent takes the event, decoding it as well if ev is not nil.
func readInnerEvent(r *lenient.Reader, e *Envelope, ev *Event) {
	if ev == nil || r.Peek() != '{' {
		r.Raw(&e.Event)
		return
	}
	mark := r.Mark()
	readEvent(r, ev)
	e.Event = r.Since(mark)
	ev.Raw = e.Event
}

func readAuthorization(r *lenient.Reader, a *Authorization) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "enterprise_id":
			r.Str(&a.EnterpriseID)
		case "team_id":
			r.Str(&a.TeamID)
		case "user_id":
			r.Str(&a.UserID)
		case "is_bot":
			r.Flag(&a.IsBot)
		case "is_enterprise_install":
			r.Flag(&a.IsEnterpriseInstall)
		default:
			r.Skip()
		}
	}
}
