package markup

import (
	"strconv"
	"strings"
	"time"
)

// token writes what stands between < and > in Slack's text.
func (o *output) token(t string) {
	body, label, _ := strings.Cut(t, "|")
	label = unescape(label)
	switch {
	case strings.HasPrefix(body, "@"):
		o.person(body[1:], label)
	case strings.HasPrefix(body, "#"):
		o.channel(body[1:], label)
	case strings.HasPrefix(body, "!"):
		o.special(body[1:], label)
	case label != "" || linkable(unescape(body)):
		o.link(unescape(body), label, true)
	default: // no token of Slack's
		o.text("<" + unescape(t) + ">")
	}
}

func (o *output) person(id, label string) {
	if shown, _, ok := o.Names.Person(id); ok {
		label = shown
	} else if label == "" {
		label = id
	}
	class := "mention"
	if id == o.Viewer {
		class = "mention mention-me"
	}
	o.raw(`<span class="` + class + `" data-user="` + escape(id) + `">@`)
	o.text(strings.TrimPrefix(label, "@"))
	o.raw(`</span>`)
}

func (o *output) channel(id, label string) {
	name, page, ok := o.Names.Channel(id)
	switch {
	case ok:
		label = name
	case label == "":
		label = "private-channel"
	}
	if page == "" {
		o.raw(`<span class="mention">#`)
		o.text(label)
		o.raw(`</span>`)
		return
	}
	o.raw(`<a class="mention" data-nav="true" href="` + escape(page) + `">#`)
	o.text(label)
	o.raw(`</a>`)
}

func (o *output) special(body, label string) {
	parts := strings.Split(body, "^")
	switch parts[0] {
	case "here", "channel", "everyone":
		o.raw(`<span class="mention mention-me">@` + parts[0] + `</span>`)
	case "subteam":
		id := strings.Join(parts[1:], "")
		handle, mine, ok := o.Names.Group(id)
		switch {
		case ok:
			label = handle
		case label == "":
			label = id
		}
		class := "mention"
		if mine {
			class = "mention mention-me"
		}
		o.raw(`<span class="` + class + `" data-group="` + escape(id) + `">@`)
		o.text(strings.TrimPrefix(label, "@"))
		o.raw(`</span>`)
	case "date":
		o.date(parts[1:], label)
	default:
		if label == "" {
			label = parts[0]
		}
		o.text(label)
	}
}

// date writes <!date^seconds^format^link|fallback>.
func (o *output) date(parts []string, fallback string) {
	if len(parts) < 2 {
		o.text(fallback)
		return
	}
	link := ""
	if len(parts) > 2 {
		link = unescape(parts[2])
	}
	seconds, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || seconds < 0 || seconds > 1<<34 {
		o.text(fallback)
		return
	}
	words := o.dated(seconds, unescape(parts[1]))
	if link != "" {
		o.link(link, words, false)
		return
	}
	o.text(words)
}

func (o *output) dated(seconds int64, format string) string {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	t := time.Unix(seconds, 0).In(zone)
	day, long := t.Format("Jan 2, 2006"), t.Format("Monday, January 2, 2006")
	return strings.NewReplacer(
		"{date_num}", t.Format("2006-01-02"), "{date_slash}", t.Format("01/02/2006"),
		"{date_long_pretty}", long, "{date_short_pretty}", day, "{date_pretty}", t.Format("January 2, 2006"),
		"{date_long_full}", long, "{date_long}", long, "{date_short}", day, "{date}", t.Format("January 2, 2006"),
		"{time_secs}", t.Format("15:04:05"), "{time}", t.Format("15:04"),
		"{day_divider_pretty}", long, "{ago}", t.Format("Jan 2, 2006 15:04"),
	).Replace(format)
}
