package blockkit

import "maps"

// A Block is one block or element, as JSON has it.
type Block = map[string]any

// A field says how one kind of element keeps what a person put in.
type field struct {
	value   string // the name in state.values and in actions
	initial string // the name in the element
	many    bool
}

// fields lists the elements that hold something.
var fields = map[string]field{
	"plain_text_input":           {"value", "initial_value", false},
	"number_input":               {"value", "initial_value", false},
	"email_text_input":           {"value", "initial_value", false},
	"url_text_input":             {"value", "initial_value", false},
	"rich_text_input":            {"rich_text_value", "initial_value", false},
	"static_select":              {"selected_option", "initial_option", false},
	"external_select":            {"selected_option", "initial_option", false},
	"radio_buttons":              {"selected_option", "initial_option", false},
	"users_select":               {"selected_user", "initial_user", false},
	"conversations_select":       {"selected_conversation", "initial_conversation", false},
	"channels_select":            {"selected_channel", "initial_channel", false},
	"multi_static_select":        {"selected_options", "initial_options", true},
	"multi_external_select":      {"selected_options", "initial_options", true},
	"checkboxes":                 {"selected_options", "initial_options", true},
	"multi_users_select":         {"selected_users", "initial_users", true},
	"multi_conversations_select": {"selected_conversations", "initial_conversations", true},
	"multi_channels_select":      {"selected_channels", "initial_channels", true},
	"datepicker":                 {"selected_date", "initial_date", false},
	"timepicker":                 {"selected_time", "initial_time", false},
	"datetimepicker":             {"selected_date_time", "initial_date_time", false},
	"file_input":                 {"files", "", true},
}

// ValueField is the name under which an element of that type keeps what a
// person put in: "value", "selected_option", …; many says that it is a list.
// It is empty for elements that hold nothing.
func ValueField(elementType string) (name string, many bool) {
	f := fields[elementType]
	return f.value, f.many
}

// An Element is an element where it stands.
type Element struct {
	Block  Block
	Body   Block
	InForm bool // the element of an input block: sent only on submission
}

// Type is the element's type.
func (e Element) Type() string { return Str(e.Body, "type") }

// ActionID is the element's action_id.
func (e Element) ActionID() string { return Str(e.Body, "action_id") }

// BlockID is the id of the block it stands in.
func (e Element) BlockID() string { return Str(e.Block, "block_id") }

// Elements returns all the elements of blocks that a person can act on.
func Elements(blocks []Block) []Element {
	var out []Element
	add := func(b Block, raw any, inForm bool) {
		if body, ok := raw.(Block); ok && body["type"] != nil {
			out = append(out, Element{b, body, inForm})
		}
	}
	for _, b := range blocks {
		switch Str(b, "type") {
		case "input":
			add(b, b["element"], true)
		case "section":
			add(b, b["accessory"], false)
		case "actions", "context_actions":
			for _, raw := range List(b, "elements") {
				add(b, raw, false)
			}
		}
	}
	return out
}

// Values returns state.values for blocks: what a person put in before, where
// block and action are still there, else what the elements begin with.
func Values(blocks []Block, before map[string]map[string]Block) map[string]map[string]Block {
	out := map[string]map[string]Block{}
	for _, e := range Elements(blocks) {
		f, ok := fields[e.Type()]
		if !ok {
			continue
		}
		value, kept := before[e.BlockID()][e.ActionID()]
		if !kept || value["type"] != e.Type() {
			value = Block{"type": e.Type(), f.value: first(f, e.Body)}
		}
		if out[e.BlockID()] == nil {
			out[e.BlockID()] = map[string]Block{}
		}
		out[e.BlockID()][e.ActionID()] = value
	}
	return out
}

// Here returns what stands in selects of conversations that begin with the one
// a person is in (default_to_current_conversation).
func Here(blocks []Block, channel string) map[string]map[string]Block {
	out := map[string]map[string]Block{}
	for _, e := range Elements(blocks) {
		if e.Body["default_to_current_conversation"] != true || channel == "" {
			continue
		}
		var v any = channel
		if _, many := ValueField(e.Type()); many {
			v = []any{channel}
		}
		if out[e.BlockID()] == nil {
			out[e.BlockID()] = map[string]Block{}
		}
		out[e.BlockID()][e.ActionID()] = WithValue(e, v)
	}
	return out
}

func first(f field, body Block) any {
	if v, ok := body[f.initial]; ok {
		return v
	}
	if f.many {
		return []any{}
	}
	return nil
}

// WithValue is the state's entry for an element that now holds v.
func WithValue(e Element, v any) Block {
	f := fields[e.Type()]
	return Block{"type": e.Type(), f.value: v}
}

// Str is the string under key, or empty.
func Str(b Block, key string) string {
	s, _ := b[key].(string)
	return s
}

// List is the list under key, or nil.
func List(b Block, key string) []any {
	switch l := b[key].(type) {
	case []any:
		return l
	case []Block:
		out := make([]any, len(l))
		for i, x := range l {
			out[i] = x
		}
		return out
	}
	return nil
}

// TextOf is the text of a text object under key.
func TextOf(b Block, key string) string {
	t, _ := b[key].(Block)
	return Str(t, "text")
}

// Words are all the texts that people read in blocks, in order.
func Words(v any) []string {
	var out []string
	switch v := v.(type) {
	case []Block:
		for _, b := range v {
			out = append(out, Words(b)...)
		}
	case []any:
		for _, b := range v {
			out = append(out, Words(b)...)
		}
	case Block:
		if s, ok := v["text"].(string); ok {
			return []string{s}
		}
		for _, key := range []string{"label", "text", "fields", "element", "elements", "accessory", "placeholder", "options", "option_groups", "hint"} {
			out = append(out, Words(v[key])...)
		}
	}
	return out
}

// Identified returns blocks in which every block has a block_id and every
// element an action_id, made by newID where they were missing. What came is
// not changed.
func Identified(blocks []Block, newID func() string) []Block {
	out := make([]Block, len(blocks))
	for i, b := range blocks {
		b = maps.Clone(b)
		if Str(b, "block_id") == "" {
			b["block_id"] = newID()
		}
		for _, key := range []string{"element", "accessory"} {
			if e, ok := b[key].(Block); ok {
				b[key] = identified(e, newID)
			}
		}
		if t := Str(b, "type"); t == "actions" || t == "context_actions" {
			var es []any
			for _, raw := range List(b, "elements") {
				if e, ok := raw.(Block); ok {
					raw = identified(e, newID)
				}
				es = append(es, raw)
			}
			b["elements"] = es
		}
		out[i] = b
	}
	return out
}

func identified(e Block, newID func() string) Block {
	if Str(e, "action_id") != "" || e["type"] == "image" {
		return e
	}
	e = maps.Clone(e)
	e["action_id"] = newID()
	return e
}
