package mrkdwn

import (
	"encoding/json"
	"strings"

	"caseline/internal/mrkdwn/rich"
)

// FromSlack returns a message as canonical Markdown. The rich_text among its
// blocks is the exact source; without one the text is read, as Slack's own
// markup. Either may be empty, and neither needs to be well formed.
func FromSlack(text string, blocks json.RawMessage) string {
	if len(blocks) > 2 {
		if doc, ok := rich.FromBlocks(string(blocks)); ok {
			return writeMarkdown(doc)
		}
	}
	if text == "" {
		return ""
	}
	return writeMarkdown(rich.FromText(text))
}

// Canonical returns what an agent typed as canonical Markdown: the shape that
// ToSlack gives it, so that the record shows what the customer saw. Entities
// that were typed are literal, as they are in Slack.
func Canonical(markdown string) string {
	return writeMarkdown(fromMarkdown(markdown))
}

// Escape returns s with the three characters that Slack reads in a text
// (&, < and >) escaped, once.
func Escape(s string) string { return rich.Escape(s) }

// Quote returns canonical Markdown as a quotation.
func Quote(markdown string) string {
	lines := strings.Split(markdown, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight("> "+line, " ")
	}
	return strings.Join(lines, "\n")
}
