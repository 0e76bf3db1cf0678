package mrkdwn

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"caseline/internal/mrkdwn/emoji"
	"caseline/internal/mrkdwn/rich"
)

// A Resolver knows what Slack's identifiers are called. Each function may be
// nil, and returns the empty string for what it does not know: then the label
// that Slack sent is shown, or else a person's identifier, or "a channel". The
// zero Resolver knows nothing.
type Resolver struct {
	User func(id string) string // a person's name

	// Channel and Group know a channel's name, without "#", and a user group's
	// handle, without "@", or what to say instead of what may not be named.
	Channel, Group func(id string) (name, instead string)

	// Emoji knows a workspace's own emoji: the characters to show, or the
	// address of a picture, on https or on this site ("/…").
	Emoji func(name string) (text, image string)

	// Location is where the reader is; nil is UTC.
	Location *time.Location
}

// name returns what to show for an entity other than a date.
func (r *Resolver) name(e *rich.Entity) string {
	switch e.Kind {
	case rich.User:
		name := ""
		if r.User != nil {
			name = r.User(e.ID)
		}
		return "@" + strings.TrimPrefix(cmp.Or(name, e.Label, e.ID), "@")
	case rich.Channel:
		return named(r.Channel, e, "#", "a channel")
	case rich.Group:
		return named(r.Group, e, "@", "a user group")
	}
	return "@" + e.ID
}

func named(lookup func(string) (name, instead string), e *rich.Entity, sign, otherwise string) string {
	name, instead := "", ""
	if lookup != nil {
		name, instead = lookup(e.ID)
	}
	if name == "" && instead == "" {
		name = strings.TrimSpace(e.Label)
	}
	if name == "" {
		return cmp.Or(instead, otherwise)
	}
	return sign + strings.TrimPrefix(name, sign)
}

// EmojiText returns the characters of a common emoji; empty for others.
func EmojiText(name string) string { return emoji.Text(name) }

// emoji returns what to show for a name: characters, or a picture; nothing if
// nobody knows it.
func (r *Resolver) emoji(name string) (text, image string) {
	if text = emoji.Text(name); text != "" || r.Emoji == nil {
		return text, ""
	}
	text, image = r.Emoji(emoji.Base(name))
	if !strings.HasPrefix(image, "https://") &&
		(!strings.HasPrefix(image, "/") || strings.HasPrefix(image, "//")) {
		image = ""
	}
	return text, image
}

// date returns the instant of a date entity and how to show it.
func (r *Resolver) date(e *rich.Entity) (time.Time, string) {
	seconds, err := strconv.ParseInt(e.ID, 10, 64)
	if err != nil {
		seconds = 0 // unreachable: parseEntity has looked at the digits
	}
	loc := r.Location
	if loc == nil {
		loc = time.UTC
	}
	t := time.Unix(seconds, 0).In(loc)
	if shown, ok := formatDate(t, e.Format); ok {
		return t, shown
	}
	if e.Label != "" {
		return t, e.Label
	}
	return t, t.Format("2006-01-02 15:04")
}

// formatDate fills in Slack's date format. It reports false if the format
// asks for something that needs to know what day the reader has, or that is
// newer than this program; then Slack's own fallback is better.
func formatDate(t time.Time, format string) (string, bool) {
	var b strings.Builder
	for format != "" {
		open := strings.IndexByte(format, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(format[open:], '}')
		if end < 0 {
			break
		}
		layout := dateLayout(format[open+1 : open+end])
		if layout == "" {
			return "", false
		}
		b.WriteString(format[:open])
		b.WriteString(t.Format(layout))
		format = format[open+end+1:]
	}
	b.WriteString(format)
	return b.String(), b.Len() > 0
}

func dateLayout(name string) string {
	switch name {
	case "date_num":
		return "2006-01-02"
	case "date_slash":
		return "01/02/2006"
	case "date", "date_pretty":
		return "January 2, 2006"
	case "date_short", "date_short_pretty":
		return "Jan 2, 2006"
	case "date_long", "date_long_pretty":
		return "Monday, January 2, 2006"
	case "date_long_full":
		return "Monday, January 2, 2006"
	case "time":
		return "15:04"
	case "time_secs":
		return "15:04:05"
	}
	return ""
}
