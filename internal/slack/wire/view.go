package wire

import (
	"encoding/json"

	"caseline/internal/slack/wire/lenient"
)

// A View is a form or a home page that the app opened, as it comes back.
type View struct {
	ID                 string
	Type               string // "modal" or "home"
	CallbackID         string
	PrivateMetadata    string
	Hash               string
	ExternalID         string
	RootViewID         string
	PreviousViewID     string
	TeamID             string
	AppID              string
	AppInstalledTeamID string
	BotID              string
	State              State
}

// State is what a person has entered in a form's elements.
type State []Entered

// Entered is the value of one element.
type Entered struct {
	BlockID  string
	ActionID string
	Value
}

// Get returns the value of an element, the zero Value if the form has none.
func (s State) Get(blockID, actionID string) Value {
	for _, e := range s {
		if e.BlockID == blockID && e.ActionID == actionID {
			return e.Value
		}
	}
	return Value{}
}

// A Value is what an element holds. Which field is set follows from its Type;
// a thing not chosen is empty or nil.
type Value struct {
	Type                  string
	Text                  string // plain_text_input, number_input, email_text_input, url_text_input; a button's value
	RichText              json.RawMessage
	SelectedOption        *Option
	SelectedOptions       []Option
	SelectedUser          string
	SelectedUsers         []string
	SelectedChannel       string
	SelectedChannels      []string
	SelectedConversation  string
	SelectedConversations []string
	SelectedDate          string // 2006-01-02
	SelectedTime          string // 15:04
	SelectedDateTime      int64  // UTC seconds
	Files                 []File
}

// An Option is a choice of a menu, a group of radio buttons or of checkboxes.
type Option struct {
	Value string
	Text  string
}

// One returns the single thing that the value comes to: the text, the chosen
// option's value, or the chosen id, date or time. It is empty for none and for
// elements of several.
func (v Value) One() string {
	if v.SelectedOption != nil {
		return v.SelectedOption.Value
	}
	for _, s := range []string{v.Text, v.SelectedUser, v.SelectedChannel, v.SelectedConversation, v.SelectedDate, v.SelectedTime} {
		if s != "" {
			return s
		}
	}
	return ""
}

func readView(r *lenient.Reader, v *View) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "id":
			r.Str(&v.ID)
		case "type":
			r.Str(&v.Type)
		case "callback_id":
			r.Str(&v.CallbackID)
		case "private_metadata":
			r.Str(&v.PrivateMetadata)
		case "hash":
			r.Str(&v.Hash)
		case "external_id":
			r.Str(&v.ExternalID)
		case "root_view_id":
			r.Str(&v.RootViewID)
		case "previous_view_id":
			r.Str(&v.PreviousViewID)
		case "team_id":
			r.Str(&v.TeamID)
		case "app_id":
			r.Str(&v.AppID)
		case "app_installed_team_id":
			r.Str(&v.AppInstalledTeamID)
		case "bot_id":
			r.Str(&v.BotID)
		case "state":
			readState(r, &v.State)
		default:
			r.Skip()
		}
	}
}

// readState reads {"values": {block: {action: value}}}.
func readState(r *lenient.Reader, s *State) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		if key != "values" {
			r.Skip()
			continue
		}
		*s = nil
		readStateBlocks(r, s)
	}
}

func readStateBlocks(r *lenient.Reader, s *State) {
	if r.Peek() == '[' {
		// An empty map comes as an empty list from some of Slack's servers.
		for r.List(); r.Element(); {
			r.KeepOdd()
		}
		return
	}
	if !r.Object() {
		return
	}
	for block, ok := r.Field(); ok; block, ok = r.Field() {
		if !r.Object() {
			continue
		}
		for action, ok := r.Field(); ok; action, ok = r.Field() {
			e := Entered{BlockID: block, ActionID: action}
			if !r.Object() {
				continue
			}
			for key, ok := r.Field(); ok; key, ok = r.Field() {
				if !readValueField(r, key, &e.Value) {
					r.Skip()
				}
			}
			*s = append(*s, e)
		}
	}
}

// readValueField reads the fields of an element's value, and reports whether key
// is one.
func readValueField(r *lenient.Reader, key string, v *Value) bool {
	switch key {
	case "type":
		r.Str(&v.Type)
	case "value":
		r.Str(&v.Text)
	case "rich_text_value":
		r.Raw(&v.RichText)
	case "selected_option":
		lenient.One(r, &v.SelectedOption, readOption)
	case "selected_options":
		lenient.Each(r, &v.SelectedOptions, readOption)
	case "selected_user":
		r.Str(&v.SelectedUser)
	case "selected_users":
		r.Strs(&v.SelectedUsers)
	case "selected_channel":
		r.Str(&v.SelectedChannel)
	case "selected_channels":
		r.Strs(&v.SelectedChannels)
	case "selected_conversation":
		r.Str(&v.SelectedConversation)
	case "selected_conversations":
		r.Strs(&v.SelectedConversations)
	case "selected_date":
		r.Str(&v.SelectedDate)
	case "selected_time":
		r.Str(&v.SelectedTime)
	case "selected_date_time":
		r.Num(&v.SelectedDateTime)
	case "files":
		lenient.Each(r, &v.Files, readFile)
	default:
		return false
	}
	return true
}

func readOption(r *lenient.Reader, o *Option) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "value":
			r.Str(&o.Value)
		case "text":
			readTextObject(r, &o.Text)
		default:
			r.Skip()
		}
	}
}

// readTextObject takes {"type": …, "text": …}, or bare text.
func readTextObject(r *lenient.Reader, dst *string) {
	if r.Peek() != '{' {
		r.Str(dst)
		return
	}
	r.Object()
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		if key == "text" {
			r.Str(dst)
		} else {
			r.Skip()
		}
	}
}
