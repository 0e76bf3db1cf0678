// Package compose turns words into what Slack stores: what a person types into
// a rich_text block and its text in Slack's own markup, and what an app sends
// into the normalised form in which Slack gives it back. It is pure.
package compose
