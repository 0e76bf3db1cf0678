package doctor

import (
	"encoding/json"
	"fmt"
	"io"

	"caseline/internal/config"
)

// Line is a finding as a line for people.
func (f Finding) Line() string { return fmt.Sprintf("%-8s %s", f.State, f.Says) }

// A Report is what an examination found, for machines.
type Report struct {
	OK       bool      `json:"ok"` // nothing must be mended
	Findings []Finding `json:"findings"`
	Next     []string  `json:"next"` // what to try by hand
}

// WriteJSON writes a report.
func WriteJSON(w io.Writer, found []Finding, next []string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(Report{OK: !Sick(found), Findings: found, Next: next})
}

// Next is what to try by hand in a first installation, because it changes
// something or takes two people. Command is the slash command.
func Next(s config.Slack) []string {
	arrive := "In the app's settings, see that the addresses of Event Subscriptions and of Interactivity show Verified."
	if s.UsesSockets() {
		arrive = "In the app's settings, see that Socket Mode is on."
	}
	return []string{
		arrive,
		"Write " + s.Command + " help in a configured channel: the answer comes at once, and only you see it.",
		"Open a case there with a live chat, and join it from the console: a private channel opens, with a pinned card.",
		"Write from both sides, then edit and delete a message of each, and send a file each way: the case shows all of it.",
		"Open another with the chat in a thread, and end it: its case says how many of how many messages are on it, so the app can read threads.",
		"Stop the server for two minutes while somebody writes in a chat, and start it again: what they wrote is on the case.",
		"Archive the channel of a chat made for this, and bring it back: the case tells of both.",
		"If you share channels with another organisation, let somebody of theirs press a button.",
	}
}
