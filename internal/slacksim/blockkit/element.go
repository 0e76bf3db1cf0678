package blockkit

import (
	"fmt"
	"slices"
	"strings"
)

// A spot is where in a block an element stands.
type spot string

const (
	inSection spot = "section"
	inActions spot = "actions"
	inInput   spot = "input"
)

// spots lists the elements, and where Slack takes them.
var spots = map[string][]spot{
	"button":                     {inSection, inActions},
	"workflow_button":            {inSection, inActions},
	"image":                      {inSection},
	"overflow":                   {inSection, inActions},
	"checkboxes":                 {inSection, inActions, inInput},
	"radio_buttons":              {inSection, inActions, inInput},
	"datepicker":                 {inSection, inActions, inInput},
	"timepicker":                 {inSection, inActions, inInput},
	"datetimepicker":             {inActions, inInput},
	"static_select":              {inSection, inActions, inInput},
	"external_select":            {inSection, inActions, inInput},
	"users_select":               {inSection, inActions, inInput},
	"conversations_select":       {inSection, inActions, inInput},
	"channels_select":            {inSection, inActions, inInput},
	"multi_static_select":        {inSection, inInput},
	"multi_external_select":      {inSection, inInput},
	"multi_users_select":         {inSection, inInput},
	"multi_conversations_select": {inSection, inInput},
	"multi_channels_select":      {inSection, inInput},
	"plain_text_input":           {inInput},
	"number_input":               {inInput},
	"email_text_input":           {inInput},
	"url_text_input":             {inInput},
	"rich_text_input":            {inInput},
	"file_input":                 {inInput},
	"feedback_buttons":           {inActions},
	"icon_button":                {inActions},
}

func (c *checker) element(at string, raw any, where spot) {
	e, ok := raw.(Block)
	if !ok {
		c.fail(at, "missing required field: element")
		return
	}
	kind := Str(e, "type")
	if ok := spots[kind]; !slices.Contains(ok, where) || (kind == "file_input" && c.on != onModal) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.length(at+"/action_id", Str(e, "action_id"), 255)
	c.text(at, e, "placeholder", "plain_text", 150, false)
	c.confirm(at, e)
	if e["response_url_enabled"] == true && (c.on != onModal || where != inInput || !slices.Contains([]string{"conversations_select", "channels_select"}, kind)) {
		c.fail(at+"/response_url_enabled", "only allowed for selects of one channel in input blocks of modals")
	}
	switch {
	case kind == "button":
		c.button(at, e)
	case kind == "image":
		c.image(at, e)
	case kind == "plain_text_input":
		c.number(at, e, "max_length", 1, 3000)
		c.number(at, e, "min_length", 0, 3000)
	case kind == "file_input":
		c.number(at, e, "max_files", 1, 10)
	case kind == "number_input":
		if _, ok := e["is_decimal_allowed"].(bool); !ok {
			c.fail(at, "missing required field: is_decimal_allowed")
		}
	case kind == "overflow":
		c.options(at, e, 1, 5)
	case kind == "checkboxes" || kind == "radio_buttons":
		c.options(at, e, 1, 10)
	case strings.HasSuffix(kind, "static_select"):
		c.choices(at, e)
	}
	c.initial(at, e)
}

func (c *checker) button(at string, e Block) {
	c.text(at, e, "text", "plain_text", 75, true)
	c.length(at+"/value", Str(e, "value"), 2000)
	c.length(at+"/url", Str(e, "url"), 3000)
	if s, ok := e["style"]; ok && s != "primary" && s != "danger" {
		c.fail(at+"/style", "must be one of: primary, danger")
	}
}

func (c *checker) confirm(at string, e Block) {
	d, ok := e["confirm"].(Block)
	if !ok {
		return
	}
	at += "/confirm"
	c.text(at, d, "title", "plain_text", 100, false)
	c.text(at, d, "text", "", 300, false)
	c.text(at, d, "confirm", "plain_text", 30, false)
	c.text(at, d, "deny", "plain_text", 30, false)
}

func (c *checker) number(at string, e Block, key string, least, most float64) {
	raw, ok := e[key]
	if !ok {
		return
	}
	if n, ok := raw.(float64); !ok || n < least || n > most {
		c.fail(at+"/"+key, "must be between %v and %v", least, most)
	}
}

// choices checks that a select has either options or groups of them.
func (c *checker) choices(at string, e Block) {
	groups := List(e, "option_groups")
	if groups == nil {
		c.options(at, e, 1, 100)
		return
	}
	if e["options"] != nil || len(groups) > 100 || len(groups) == 0 {
		c.fail(at+"/option_groups", "must have between 1 and 100 items, and no options next to them")
	}
	for i, raw := range groups {
		g, _ := raw.(Block)
		here := fmt.Sprintf("%s/option_groups/%d", at, i)
		c.text(here, g, "label", "plain_text", 75, true)
		c.options(here, g, 1, 100)
	}
}

// CheckOffer returns what Slack refuses in an app's answer to a search in an
// external select: options, or groups of them.
func CheckOffer(answer Block) []Problem {
	c := &checker{}
	groups, has := answer["option_groups"].([]any)
	if !has {
		c.options("", answer, 0, 100)
		return c.problems
	}
	if answer["options"] != nil || len(groups) > 100 {
		c.fail("/option_groups", "must have at most 100 items, and no options next to them")
	}
	for i, raw := range groups {
		g, _ := raw.(Block)
		here := fmt.Sprintf("/option_groups/%d", i)
		c.text(here, g, "label", "plain_text", 75, true)
		c.options(here, g, 0, 100)
	}
	return c.problems
}

func (c *checker) options(at string, e Block, least, most int) {
	os := List(e, "options")
	if len(os) < least || len(os) > most {
		c.fail(at+"/options", "must have between %d and %d items", least, most)
	}
	for i, raw := range os {
		o, _ := raw.(Block)
		here := fmt.Sprintf("%s/options/%d", at, i)
		kind := "plain_text"
		if t := Str(e, "type"); t == "checkboxes" || t == "radio_buttons" {
			kind = ""
		}
		c.text(here, o, "text", kind, 75, true)
		c.text(here, o, "description", kind, 75, false)
		if v, ok := o["value"].(string); !ok || v == "" {
			c.fail(here, "missing required field: value")
		}
		c.length(here+"/value", Str(o, "value"), 75)
	}
}

// initial checks that what a select begins with is one of its options.
func (c *checker) initial(at string, e Block) {
	var begin []any
	if o, ok := e["initial_option"]; ok {
		begin = []any{o}
	}
	begin = append(begin, List(e, "initial_options")...)
	if strings.HasSuffix(Str(e, "type"), "external_select") {
		return
	}
	for _, raw := range begin {
		o, _ := raw.(Block)
		known := slices.ContainsFunc(Options(e), func(x Block) bool { return Str(x, "value") == Str(o, "value") })
		if !known {
			c.fail(at+"/initial_option", "must be one of the options")
		}
	}
}
