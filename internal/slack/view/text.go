package view

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/ident"
)

// Names says how people in Slack are called. A Names may be nil.
type Names func(id string) string

// someone is how we speak of a person whose name is not known. A mention would
// show it, and ping the person.
const someone = "Someone"

// of returns a person's name for a line of text, escaped.
func (n Names) of(id string) string {
	if n != nil {
		if name := n(id); strings.TrimSpace(name) != "" {
			return escaped(name, 80)
		}
	}
	return someone
}

// words is Markdown of a case as text, with people by their names.
func words(c desk.Case, markdown string, names Names) string {
	var r mrkdwn.Resolver
	if names != nil {
		r.User = func(id string) string { return names(string(ident.Person(c.Workspace, id))) }
	}
	return mrkdwn.Plain(markdown, r)
}

// plain is text that Slack shows as it is.
func plain(s string, limit int) *Text {
	return &Text{Type: "plain_text", Text: filled(cut(s, limit))}
}

// mrk is text in Slack's mrkdwn. What people typed in it must be escaped.
func mrk(s string) *Text {
	return &Text{Type: "mrkdwn", Text: filled(s), Verbatim: true}
}

// filled returns s, or a dash when it is blank: Slack refuses blank text.
func filled(s string) string {
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return s
}

// cut returns s in at most limit characters, counted as UTF-16 does, which is
// the strictest way to count them; with an ellipsis if something is missing.
func cut(s string, limit int) string {
	return fit(s, limit, func(s string) string { return s })
}

// escaped is cut for text that goes into mrkdwn: limit counts the escaped
// form, and no entity is cut in two.
func escaped(s string, limit int) string { return fit(s, limit, mrkdwn.Escape) }

func fit(s string, limit int, spell func(string) string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if spelt := spell(s); width(spelt) <= limit {
		return spelt
	}
	var b strings.Builder
	left := limit - 1 // for the ellipsis
	for _, r := range s {
		spelt := spell(string(r))
		if left -= width(spelt); left < 0 {
			break
		}
		b.WriteString(spelt)
	}
	return strings.TrimRight(b.String(), " \n") + "…"
}

func width(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// clock is an instant as each reader's own Slack shows it.
func clock(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{time}|%s>", t.Unix(), t.UTC().Format("15:04 UTC"))
}

// moment is clock with its day.
func moment(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} at {time}|%s>", t.Unix(), t.UTC().Format("2 Jan 2006 15:04 UTC"))
}

// within is a duration in words: 15 minutes, 4 hours.
func within(d time.Duration) string {
	if d < 2*time.Hour && d != time.Hour {
		return count(int(d/time.Minute), "minute")
	}
	return count(int(d/time.Hour), "hour")
}

// count is a number with its word: 1 file, 3 files.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
