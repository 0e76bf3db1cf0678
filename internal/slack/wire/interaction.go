package wire

import (
	"encoding/json"
	"errors"
	"net/url"

	"caseline/internal/slack/wire/lenient"
)

// The types that an interaction may have.
const (
	TypeBlockActions    = "block_actions"
	TypeBlockSuggestion = "block_suggestion"
	TypeViewSubmission  = "view_submission"
	TypeViewClosed      = "view_closed"
	TypeShortcut        = "shortcut"       // global
	TypeMessageAction   = "message_action" // a shortcut on a message
)

// ErrNoPayload says that an interactivity request has no payload in its body.
var ErrNoPayload = errors.New("the form has no payload")

// An Interaction is a button pressed, a menu chosen, a form sent or closed, or
// a shortcut used. Fields that its type does not have are empty.
type Interaction struct {
	Type        string
	APIAppID    string
	TriggerID   string // for 3 s, once
	ResponseURL string // actions on messages only
	CallbackID  string // shortcuts; of forms see View
	ActionTs    Ts

	User                Actor
	TeamID              string // may be empty on Enterprise Grid
	TeamDomain          string
	EnterpriseID        string
	IsEnterpriseInstall bool

	Container Container
	Channel   string
	Message   *Message // the message with the button, or that the shortcut is on
	MessageTs Ts
	View      *View
	State     State // what is entered in the message's elements
	Actions   []Action
	IsCleared bool // view_closed: all views were closed

	ResponseURLs []ResponseURL // view_submission

	// block_suggestion: the element, and what was typed in it.
	BlockID  string
	ActionID string
	Typed    string

	Raw json.RawMessage
	Odd []Odd
}

// An Actor is the person who did it.
type Actor struct {
	ID     string
	Name   string // the handle
	TeamID string // an enterprise's id at times
}

// A Container is where the element is that was used.
type Container struct {
	Type        string // "message", "view", "message_attachment"
	MessageTs   Ts
	ChannelID   string
	ThreadTs    Ts
	ViewID      string
	IsEphemeral bool
}

// An Action is one element used. A button's own value is Value.Text.
type Action struct {
	BlockID  string
	ActionID string
	ActionTs Ts
	Value
}

// A ResponseURL is an address to which the answer to a form may be posted.
type ResponseURL struct {
	BlockID   string
	ActionID  string
	ChannelID string
	URL       string
}

// Workspace returns the workspace whose installation the interaction is for,
// from the first place that names one: the team, the view, the person. The
// last may be an enterprise.
func (in *Interaction) Workspace() string {
	if in.TeamID != "" {
		return in.TeamID
	}
	if in.View != nil && in.View.AppInstalledTeamID != "" {
		return in.View.AppInstalledTeamID
	}
	return in.User.TeamID
}

// DecodeInteractionForm decodes the body of an interactivity request over
// HTTP: a form whose field "payload" is the interaction. Only the body is
// signed, so a payload in the address must never be looked at; there is no way
// to pass one here.
func DecodeInteractionForm(body []byte) (Interaction, error) {
	// What is well formed is used, whatever stands beside it.
	form, _ := url.ParseQuery(string(body))
	payload := form.Get("payload")
	if payload == "" {
		return Interaction{}, ErrNoPayload
	}
	return DecodeInteraction([]byte(payload))
}

// DecodeInteraction decodes an interaction that is not wrapped in a form.
func DecodeInteraction(raw []byte) (Interaction, error) {
	var in Interaction
	if err := decode(raw, &in.Odd, func(r *lenient.Reader) { readInteraction(r, &in) }); err != nil {
		return Interaction{}, err
	}
	in.Raw = raw
	if in.Channel == "" {
		in.Channel = in.Container.ChannelID
	}
	if in.MessageTs == "" {
		in.MessageTs = in.Container.MessageTs
	}
	return in, nil
}

func readInteraction(r *lenient.Reader, in *Interaction) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			r.Str(&in.Type)
		case "api_app_id":
			r.Str(&in.APIAppID)
		case "trigger_id":
			r.Str(&in.TriggerID)
		case "response_url":
			r.Str(&in.ResponseURL)
		case "callback_id":
			r.Str(&in.CallbackID)
		case "action_ts":
			readTs(r, &in.ActionTs)
		case "user":
			readActor(r, &in.User)
		case "team":
			readInteractionTeam(r, in)
		case "enterprise":
			r.IDOf(&in.EnterpriseID, nil)
		case "is_enterprise_install":
			r.Flag(&in.IsEnterpriseInstall)
		default:
			if !readInteractionPlace(r, key, in) {
				r.Skip()
			}
		}
	}
}

// readInteractionPlace reads the fields about what was used and where, and reports
// whether key is one.
func readInteractionPlace(r *lenient.Reader, key string, in *Interaction) bool {
	switch key {
	case "container":
		readContainer(r, &in.Container)
	case "channel":
		r.IDOf(&in.Channel, nil)
	case "message":
		lenient.One(r, &in.Message, readMessage)
	case "message_ts":
		readTs(r, &in.MessageTs)
	case "view":
		lenient.One(r, &in.View, readView)
	case "state":
		readState(r, &in.State)
	case "actions":
		lenient.Each(r, &in.Actions, readAction)
	case "is_cleared":
		r.Flag(&in.IsCleared)
	case "response_urls":
		lenient.Each(r, &in.ResponseURLs, readResponseURL)
	case "block_id":
		r.Str(&in.BlockID)
	case "action_id":
		r.Str(&in.ActionID)
	case "value":
		r.Str(&in.Typed)
	default:
		return false
	}
	return true
}

func readInteractionTeam(r *lenient.Reader, in *Interaction) {
	r.IDOf(&in.TeamID, func(key string) {
		switch key {
		case "domain":
			r.Str(&in.TeamDomain)
		case "enterprise_id":
			r.Str(&in.EnterpriseID)
		default:
			r.Skip()
		}
	})
}

func readActor(r *lenient.Reader, a *Actor) {
	r.IDOf(&a.ID, func(key string) {
		switch key {
		case "name", "username":
			r.Str(&a.Name)
		case "team_id":
			r.Str(&a.TeamID)
		default:
			r.Skip()
		}
	})
}

func readContainer(r *lenient.Reader, c *Container) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "type":
			r.Str(&c.Type)
		case "message_ts":
			readTs(r, &c.MessageTs)
		case "channel_id":
			r.Str(&c.ChannelID)
		case "thread_ts":
			readTs(r, &c.ThreadTs)
		case "view_id":
			r.Str(&c.ViewID)
		case "is_ephemeral":
			r.Flag(&c.IsEphemeral)
		default:
			r.Skip()
		}
	}
}

func readAction(r *lenient.Reader, a *Action) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "block_id":
			r.Str(&a.BlockID)
		case "action_id":
			r.Str(&a.ActionID)
		case "action_ts":
			readTs(r, &a.ActionTs)
		default:
			if !readValueField(r, key, &a.Value) {
				r.Skip()
			}
		}
	}
}

func readResponseURL(r *lenient.Reader, u *ResponseURL) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "block_id":
			r.Str(&u.BlockID)
		case "action_id":
			r.Str(&u.ActionID)
		case "channel_id":
			r.Str(&u.ChannelID)
		case "response_url":
			r.Str(&u.URL)
		default:
			r.Skip()
		}
	}
}
