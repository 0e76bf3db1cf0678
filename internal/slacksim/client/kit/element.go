package kit

import (
	"html/template"
	"net/url"
	"strings"

	"caseline/internal/slacksim/blockkit"
)

type elementView struct {
	Kind          string // which template draws it
	Type          string // Slack's name of it
	ID            string
	Name          string // of the form field
	Block, Action string
	Dispatch      string // when the app is told: "change", "enter", "type", or empty
	Labelled      bool   // by its input block
	Label         template.HTML
	Aria          string
	Style         string
	URL           string
	Placeholder   string
	Text          string // what stands in a text field
	InputType     string
	Max           int // longest text, or -1
	Multi         bool
	MaxItems      int
	MinQuery      int
	Accept        string
	Chosen        []Option
	Groups        []groupView
	Confirm       *confirmView
	Image         imageView
	Focus         bool
}

type confirmView struct {
	Title, Text, Yes, No template.HTML
	Style                string
}

// FieldName is the name of the form field of an element.
func FieldName(block, action string) string {
	return url.QueryEscape(block) + "/" + url.QueryEscape(action)
}

// element draws one element. Tells is set where using it tells the app at once.
func (d *drawing) element(block string, e Object, tells bool) elementView {
	v := elementView{
		Type: blockkit.Str(e, "type"), ID: d.id(block, blockkit.Str(e, "action_id")), Block: block, Action: blockkit.Str(e, "action_id"), Name: FieldName(block, blockkit.Str(e, "action_id")),
		Style: blockkit.Str(e, "style"), Placeholder: blockkit.Str(object(e, "placeholder"), "text"), Max: -1, MaxItems: number(e, "max_selected_items"),
		Aria: blockkit.Str(e, "accessibility_label"), Focus: boolean(e, "focus_on_load"),
	}
	if tells {
		v.Dispatch = "change"
	}
	if c := object(e, "confirm"); c != nil {
		v.Confirm = d.confirm(c)
	}
	v.Chosen = chosen(e, d.value(block, v.Action), d.Surface)
	d.fill(&v, e)
	return v
}

// value is what the person put into an element, or nil.
func (d *drawing) value(block, action string) Object { return d.State[block][action] }

func (d *drawing) fill(v *elementView, e Object) {
	switch v.Type {
	case "button", "workflow_button":
		v.Kind, v.Label, v.URL = "button", d.words(object(e, "text")), blockkit.Str(e, "url")
	case "overflow":
		v.Kind, v.Groups = "overflow", d.groups(v.ID, e, nil)
	case "image":
		v.Kind, v.Image = "image", d.image(e)
	case "mrkdwn", "plain_text":
		v.Kind, v.Label = "words", d.words(e)
	case "radio_buttons":
		v.Kind, v.Groups = "radios", d.groups(v.ID, e, v.Chosen)
	case "checkboxes":
		v.Kind, v.Groups = "checks", d.groups(v.ID, e, v.Chosen)
	case "static_select":
		v.Kind, v.Groups = "select", d.groups(v.ID, e, v.Chosen)
	case "file_input":
		v.Kind, v.MaxItems, v.Accept = "file", number(e, "max_files"), "."+strings.Join(texts(e, "filetypes"), ",.")
		if v.Accept == "." {
			v.Accept = ""
		}
	default:
		if !d.fillPicker(v, e) && !d.fillText(v, e) {
			v.Kind, v.Label = "unknown", d.Text.Plain(v.Type, false)
		}
	}
}

// fillPicker draws the selects one searches by typing.
func (d *drawing) fillPicker(v *elementView, e Object) bool {
	kind, multi := strings.CutPrefix(v.Type, "multi_")
	switch kind {
	case "static_select":
		v.Groups = d.groups(v.ID, e, v.Chosen)
	case "users_select":
		v.Groups = known(d.People, v.Chosen)
	case "channels_select", "conversations_select":
		v.Groups = known(d.Channels, v.Chosen)
	case "external_select":
		if v.MinQuery = number(e, "min_query_length"); v.MinQuery < 0 {
			v.MinQuery = 3
		}
	default:
		return false
	}
	v.Kind, v.Multi = "picker", multi
	return true
}

var inputTypes = map[string]string{
	"plain_text_input": "text", "email_text_input": "email", "url_text_input": "url", "number_input": "text",
	"datepicker": "date", "timepicker": "time", "datetimepicker": "datetime-local", "rich_text_input": "area",
}

func (d *drawing) fillText(v *elementView, e Object) bool {
	v.InputType = inputTypes[v.Type]
	if v.InputType == "" {
		return false
	}
	v.Kind = "text"
	if boolean(e, "multiline") || v.InputType == "area" {
		v.Kind = "area"
	}
	v.Max = number(e, "max_length")
	if len(v.Chosen) > 0 {
		v.Text = v.Chosen[0].Value
	}
	if strings.HasSuffix(v.Type, "_input") && v.Dispatch != "" {
		v.Dispatch = "enter"
		on := texts(object(e, "dispatch_action_config"), "trigger_actions_on")
		if len(on) > 0 && on[0] == "on_character_entered" {
			v.Dispatch = "type"
		}
	}
	return true
}

func (d *drawing) confirm(c Object) *confirmView {
	v := &confirmView{
		Title: d.words(object(c, "title")), Text: d.words(object(c, "text")),
		Yes: d.words(object(c, "confirm")), No: d.words(object(c, "deny")), Style: blockkit.Str(c, "style"),
	}
	if v.Yes == "" {
		v.Yes = "Yes"
	}
	if v.No == "" {
		v.No = "Cancel"
	}
	return v
}
