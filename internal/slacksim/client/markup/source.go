package markup

import (
	"cmp"
	"strings"
)

// Source returns a message's text as its author would type it again: names
// instead of ids, addresses without brackets, nothing escaped.
func (w Writer) Source(text string) string {
	var b strings.Builder
	for {
		before, rest, opened := strings.Cut(text, "<")
		token, after, closed := strings.Cut(rest, ">")
		if !opened || !closed {
			break
		}
		b.WriteString(unescape(before))
		b.WriteString(w.typed(token))
		text = after
	}
	b.WriteString(unescape(text))
	return b.String()
}

func (w Writer) typed(token string) string {
	body, label, _ := strings.Cut(token, "|")
	label = unescape(label)
	switch {
	case strings.HasPrefix(body, "@"):
		if _, handle, ok := w.Names.Person(body[1:]); ok {
			return "@" + handle
		}
		return "<" + token + ">"
	case strings.HasPrefix(body, "#"):
		if name, _, ok := w.Names.Channel(body[1:]); ok {
			return "#" + name
		}
		return "<" + token + ">"
	case strings.HasPrefix(body, "!subteam^"):
		if handle, _, ok := w.Names.Group(strings.TrimPrefix(body, "!subteam^")); ok {
			return "@" + handle
		}
		return cmp.Or(label, "<"+token+">")
	case body == "!here", body == "!channel", body == "!everyone":
		return "@" + body[1:]
	case strings.HasPrefix(body, "!"), strings.HasPrefix(body, "mailto:"):
		if label != "" {
			return label
		}
		return strings.TrimPrefix(unescape(body), "mailto:")
	case !linkable(unescape(body)):
		return "<" + unescape(token) + ">"
	}
	return unescape(body)
}
