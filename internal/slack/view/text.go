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

// Names says how things are called that views show. The zero Names knows nobody
// and calls severities as desk does.
type Names struct {
	Person func(id string) string         // a person in Slack; empty when not known
	Level  func(desk.Severity) desk.Level // by the catalogue

	Mentions Mentions // what texts mention besides people; nil knows nothing
}

// Mentions says how the channels and user groups of a workspace are called, as
// [mrkdwn.Resolver] asks.
type Mentions func(w desk.WorkspaceID) (channel, group func(id string) (name, instead string))

// someone is how we speak of a person whose name is not known. A mention would
// show it, and ping the person.
const someone = "Someone"

// of returns a person's name for a line of text, escaped.
func (n Names) of(id string) string {
	if n.Person != nil {
		if name := n.Person(id); strings.TrimSpace(name) != "" {
			return escaped(name, 80)
		}
	}
	return someone
}

// level is what a severity is called and how soon it is answered.
func (n Names) level(s desk.Severity) desk.Level {
	if n.Level == nil {
		return s.Level()
	}
	return n.Level(s)
}

// severity is what a severity is called for a line of text, escaped.
func (n Names) severity(s desk.Severity) string { return escaped(n.level(s).Name, 80) }

// answered says how soon a new case of a severity is answered.
func (n Names) answered(s desk.Severity) string { return within(n.level(s).FirstResponse) }

// words is Markdown of a case as text, with people by their names.
func words(c desk.Case, markdown string, names Names) string {
	var r mrkdwn.Resolver
	if names.Person != nil {
		r.User = func(id string) string { return names.Person(string(ident.Person(c.Workspace, id))) }
	}
	if names.Mentions != nil {
		r.Channel, r.Group = names.Mentions(c.Workspace)
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
