package transcript

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"caseline/internal/mrkdwn"
)

const stamp = "2006-01-02 15:04:05 UTC"

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
	b.WriteString("\n")
	for _, l := range t.Lines {
		words := mrkdwn.Plain(l.Text, r)
		if l.File != nil {
			words = "[file] " + l.File.Name + l.File.facts()
		}
		fmt.Fprintf(&b, "%s  %s%s:\n%s\n", l.At.Format("15:04:05"), l.Author, l.support(), indented(words))
		if mark := t.mark(l); mark != "" {
			fmt.Fprintf(&b, "    [%s]\n", mark)
		}
		for _, c := range l.Changes {
			fmt.Fprintf(&b, "    [%s %s]\n", c.What, c.At.Format("15:04:05"))
			if c.Text != "" {
				fmt.Fprintf(&b, "%s\n", indented(mrkdwn.Plain(c.Text, r)))
			}
		}
	}
	fmt.Fprintf(&b, "\nSHA-256 of the content: %s\n", t.SHA256)
	return b.String()
}

// mark says what is special about a line.
func (t Transcript) mark(l Line) string {
	if !l.Waiting {
		return ""
	}
	return "written before " + t.Agent + " joined"
}

func (l Line) support() string {
	if l.Side == "agent" {
		return " (Support)"
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

//go:embed transcript.html
var page string

// HTML returns the export as one page that needs nothing else.
func (t Transcript) HTML(r mrkdwn.Resolver) (string, error) {
	tmpl, err := template.New("transcript").Funcs(template.FuncMap{
		"words": func(markdown string) template.HTML { return mrkdwn.HTML(markdown, r) },
		"mark":  t.mark,
		"stamp": func(at time.Time) string { return at.Format(stamp) },
		"clock": func(at time.Time) string { return at.Format("15:04:05") },
		"iso":   func(at time.Time) string { return at.Format(time.RFC3339Nano) },
	}).Parse(page)
	if err != nil {
		return "", fmt.Errorf("transcript of chat %s: %w", t.Chat, err) // unreachable: the page is part of the program
	}
	var b strings.Builder
	err = tmpl.Execute(&b, map[string]any{"T": t, "Heading": t.heading(), "Saved": t.saved()})
	if err != nil {
		return "", fmt.Errorf("transcript of chat %s: %w", t.Chat, err)
	}
	return b.String(), nil
}
