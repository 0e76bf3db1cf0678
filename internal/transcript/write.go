package transcript

import (
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"caseline/internal/mrkdwn"
)

const stamp = "2006-01-02 15:04:05 UTC"

// internal warns whoever hands a transcript on.
const internal = "With internal notes: not for the customer."

// heading is what all forms begin with.
func (t Transcript) heading() string {
	return fmt.Sprintf("Case %s: %s", t.Case, t.Subject)
}

func (t Transcript) saved() string {
	text := plural(t.Messages, "message")
	if t.Files > 0 {
		text += " and " + plural(t.Files, "file")
	}
	return text
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Text returns the export as plain text. r names what people mentioned.
func (t Transcript) Text(r mrkdwn.Resolver) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nAccount: %s\nChat with %s, %s to %s (ended by %s)\n%s\n", t.heading(), t.Account, t.Agent,
		t.Joined.Format(stamp), t.Ended.Format(stamp), t.EndedBy, t.saved())
	if t.Compared != "" {
		fmt.Fprintf(&b, "%s\n", t.Compared)
	}
	if t.Internal {
		fmt.Fprintf(&b, "%s\n", internal)
	}
	if slices.ContainsFunc(t.Lines, func(l Line) bool { return len(l.Changes) > 0 }) {
		b.WriteString("In edits [-these words-] went and {+these+} came.\n")
	}
	b.WriteString("\n")
	for _, l := range t.Lines {
		fmt.Fprintf(&b, "%s  %s%s:\n", l.At.Format("15:04:05"), l.Author, l.Who())
		l.text(&b, t, r)
	}
	fmt.Fprintf(&b, "\nSHA-256 of the content: %s\n", t.SHA256)
	return b.String()
}

// text writes what stands under the name of whoever wrote a line.
func (l Line) text(b *strings.Builder, t Transcript, r mrkdwn.Resolver) {
	fmt.Fprintf(b, "%s\n", indented(l.first(r)))
	if mark := t.mark(l); mark != "" {
		fmt.Fprintf(b, "    [%s]\n", mark)
	}
	was := l.Text
	for _, c := range l.Changes {
		fmt.Fprintf(b, "    [%s %s]\n", c.Said(), c.At.Format("15:04:05"))
		if c.Text != "" {
			fmt.Fprintf(b, "%s\n", indented(redlined(mrkdwn.Plain(was, r), mrkdwn.Plain(c.Text, r))))
			was = c.Text
		}
	}
	for _, x := range l.Reactions {
		fmt.Fprintf(b, "    [:%s: %s]\n", x.Name, strings.Join(x.By, ", "))
	}
}

// first is what a line said at first.
func (l Line) first(r mrkdwn.Resolver) string {
	switch {
	case l.Withheld != "":
		return "[" + l.Withheld + "]"
	case l.File != nil:
		return "[file] " + l.File.Name + l.File.facts()
	case l.Unknown:
		return "[The words as first written have not arrived from Slack.]"
	case l.Emote:
		return l.Author + " " + mrkdwn.Plain(l.Text, r)
	}
	return mrkdwn.Plain(l.Text, r)
}

// redlined is a later version of a text with the words marked that went and
// that came. When nothing is known of the earlier one, nothing is marked.
func redlined(was, now string) string {
	if was == "" {
		return now
	}
	var b strings.Builder
	for _, p := range mrkdwn.Diff(was, now) {
		switch p.Op {
		case "del":
			b.WriteString("[-" + p.Text + "-]")
		case "ins":
			b.WriteString("{+" + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// Said says what became of a line. The time is said behind it.
func (c Change) Said() string {
	if c.Noticed {
		return c.What + " in Slack, noticed"
	}
	return c.What
}

// mark says what is special about a line.
func (t Transcript) mark(l Line) string {
	var marks []string
	if l.Note {
		marks = append(marks, "internal note: the customer did not see this")
	}
	if l.Waiting {
		marks = append(marks, "written before "+t.Agent+" joined")
	}
	switch {
	case l.Answers != nil:
		marks = append(marks, "in reply to "+l.Answers.Author+", "+l.Answers.At.Format("15:04:05"))
	case l.Thread:
		marks = append(marks, "in a Slack thread")
	}
	return strings.Join(marks, "; ")
}

// Who says on whose side the author of a line is.
func (l Line) Who() string {
	switch {
	case l.Side == "agent":
		return " (Support)"
	case l.External:
		return " (external)"
	}
	return ""
}

func (f File) facts() string {
	if f.SHA256 == "" {
		return " (not saved: " + f.State + ")"
	}
	return fmt.Sprintf(" (%d bytes, SHA-256 %s)", f.Size, f.SHA256)
}

// indented sets words apart from what stands around them, so that no text can
// pass for a line of the transcript.
func indented(words string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(words, "\n"), "\n", "\n    ")
}

// A redline is a version of a line with the words marked that went and that
// came since the one before.
type redline struct {
	Change
	Body template.HTML
}

// redlines are the versions of a line, the first words first.
func (l Line) redlines(r mrkdwn.Resolver) []redline {
	all := []redline{{Body: mrkdwn.HTML(l.Text, r)}}
	was, last := l.Text, 0
	for _, c := range l.Changes {
		later := redline{Change: c}
		if c.Text != "" {
			later.Body = mrkdwn.HTML(c.Text, r)
			if was != "" {
				before, after := mrkdwn.Redline(was, c.Text, r)
				later.Body = after
				if last == 0 {
					all[0].Body = before
				}
			}
			was, last = c.Text, len(all)
		}
		all = append(all, later)
	}
	return all
}

//go:embed transcript.html
var page string

// HTML returns the export as one page that needs nothing else.
func (t Transcript) HTML(r mrkdwn.Resolver) (string, error) {
	tmpl, err := template.New("transcript").Funcs(template.FuncMap{
		"words":    func(markdown string) template.HTML { return mrkdwn.HTML(markdown, r) },
		"emoji":    func(name string) template.HTML { return mrkdwn.Emoji(name, r) },
		"redlines": func(l Line) []redline { return l.redlines(r) },
		"mark":     t.mark,
		"stamp":    func(at time.Time) string { return at.Format(stamp) },
		"clock":    func(at time.Time) string { return at.Format("15:04:05") },
		"iso":      func(at time.Time) string { return at.Format(time.RFC3339Nano) },
	}).Parse(page)
	if err != nil {
		return "", fmt.Errorf("transcript of chat %s: %w", t.Chat, err) // unreachable: the page is part of the program
	}
	var b strings.Builder
	err = tmpl.Execute(&b, map[string]any{"T": t, "Heading": t.heading(), "Saved": t.saved(), "Warning": internal})
	if err != nil {
		return "", fmt.Errorf("transcript of chat %s: %w", t.Chat, err)
	}
	return b.String(), nil
}
