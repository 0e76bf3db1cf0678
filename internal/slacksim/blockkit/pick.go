package blockkit

import (
	"errors"
	"slices"
	"strconv"
	"time"
)

// ErrNoOption is for a pick that is not among an element's options.
var ErrNoOption = errors.New("no such option")

// layouts are how dates and times are written.
var layouts = map[string]string{"datepicker": "2006-01-02", "timepicker": "15:04"}

// Chosen returns the options that an element holds already, in a state.
func Chosen(e Element, state map[string]map[string]Block) []Block {
	name, _ := ValueField(e.Type())
	switch v := state[e.BlockID()][e.ActionID()][name].(type) {
	case Block:
		return []Block{v}
	case []any:
		var out []Block
		for _, raw := range v {
			if o, ok := raw.(Block); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

// Options returns what an element offers to pick from, with the options of its
// groups in order.
func Options(body Block) []Block {
	var out []Block
	add := func(list []any) {
		for _, raw := range list {
			if o, ok := raw.(Block); ok {
				out = append(out, o)
			}
		}
	}
	add(List(body, "options"))
	for _, raw := range List(body, "option_groups") {
		if g, ok := raw.(Block); ok {
			add(List(g, "options"))
		}
	}
	return out
}

// Pick turns the values somebody picked into what the element then holds. An
// external select picks from what was offered. No picks clear the element.
func Pick(e Element, picks []string, offered []Block) (any, error) {
	f := fields[e.Type()]
	if layout := layouts[e.Type()]; layout != "" && len(picks) > 0 && picks[0] != "" {
		if _, err := time.Parse(layout, picks[0]); err != nil {
			return nil, ErrNoOption
		}
	}
	switch f.value {
	case "selected_option", "selected_options", "":
		return pickOptions(e, picks, offered, f.many)
	case "selected_date_time":
		if len(picks) == 0 || picks[0] == "" {
			return nil, nil
		}
		return strconv.ParseInt(picks[0], 10, 64)
	case "rich_text_value":
		if len(picks) == 0 || picks[0] == "" {
			return nil, nil
		}
		return Block{"type": "rich_text", "elements": []any{Block{"type": "rich_text_section", "elements": []any{Block{"type": "text", "text": picks[0]}}}}}, nil
	}
	if f.many {
		out := []any{}
		for _, p := range picks {
			out = append(out, p)
		}
		return out, nil
	}
	if len(picks) == 0 || picks[0] == "" {
		return nil, nil
	}
	return picks[0], nil
}

func pickOptions(e Element, picks []string, offered []Block, many bool) (any, error) {
	options := append(Options(e.Body), offered...)
	chosen := []any{}
	for _, p := range picks {
		if p == "" {
			continue
		}
		i := slices.IndexFunc(options, func(o Block) bool { return Str(o, "value") == p })
		if i < 0 {
			return nil, ErrNoOption
		}
		chosen = append(chosen, options[i])
	}
	switch {
	case many:
		return chosen, nil
	case len(chosen) == 0:
		return nil, nil
	}
	return chosen[0], nil
}

// Missing returns, by block, what a client refuses to submit: inputs that must
// be filled in and are not, and texts too short or too long.
func Missing(blocks []Block, state map[string]map[string]Block) map[string]string {
	wrong := map[string]string{}
	for _, e := range Elements(blocks) {
		if !e.InForm {
			continue
		}
		name, _ := ValueField(e.Type())
		v := state[e.BlockID()][e.ActionID()][name]
		if empty(v) {
			if e.Block["optional"] != true {
				wrong[e.BlockID()] = "Please complete this required field."
			}
			continue
		}
		if s, ok := v.(string); ok {
			if why := wrongText(e, s); why != "" {
				wrong[e.BlockID()] = why
			}
		}
	}
	return wrong
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}
