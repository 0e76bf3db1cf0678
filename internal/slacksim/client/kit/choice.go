package kit

import (
	"slices"
	"strconv"
	"time"

	"caseline/internal/slacksim/blockkit"
)

// chosen returns what stands in an element: what the person put in, or what
// the app gave it to begin with. Of text fields it is the text.
func chosen(e Object, put Object, s Surface) []Option {
	from, prefix := e, "initial_"
	if put != nil {
		from, prefix = put, "selected_"
	}
	switch kind := blockkit.Str(e, "type"); kind {
	case "static_select", "external_select", "radio_buttons":
		return some(object(from, prefix+"option"))
	case "multi_static_select", "multi_external_select", "checkboxes":
		return some(objects(from, prefix+"options")...)
	case "users_select":
		return ids(s.People, blockkit.Str(from, prefix+"user"))
	case "multi_users_select":
		return ids(s.People, texts(from, prefix+"users")...)
	case "channels_select":
		return ids(s.Channels, blockkit.Str(from, prefix+"channel"))
	case "multi_channels_select":
		return ids(s.Channels, texts(from, prefix+"channels")...)
	case "conversations_select":
		return ids(s.Channels, blockkit.Str(from, prefix+"conversation"))
	case "multi_conversations_select":
		return ids(s.Channels, texts(from, prefix+"conversations")...)
	case "datepicker":
		return text(blockkit.Str(from, prefix+"date"))
	case "timepicker":
		return text(blockkit.Str(from, prefix+"time"))
	case "datetimepicker":
		if n := number(from, prefix+"date_time"); n > 0 {
			return text(time.Unix(int64(n), 0).In(s.zone()).Format(DateTime))
		}
		return nil
	}
	if put != nil {
		return text(blockkit.Str(put, "value"))
	}
	if n := number(e, "initial_value"); n >= 0 {
		return text(strconv.Itoa(n))
	}
	return text(blockkit.Str(e, "initial_value"))
}

// DateTime is how browsers write a date and time in a field.
const DateTime = "2006-01-02T15:04"

func some(list ...Object) []Option {
	var out []Option
	for _, o := range list {
		if o != nil {
			out = append(out, OptionOf(o))
		}
	}
	return out
}

func ids(from []Option, list ...string) []Option {
	var out []Option
	for _, id := range list {
		if id == "" {
			continue
		}
		i := slices.IndexFunc(from, func(o Option) bool { return o.Value == id })
		if i < 0 {
			out = append(out, Option{Value: id, Label: id})
			continue
		}
		out = append(out, from[i])
	}
	return out
}

func text(s string) []Option {
	if s == "" {
		return nil
	}
	return []Option{{Value: s}}
}
