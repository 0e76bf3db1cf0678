// Package content reads what a message in Slack says, as canonical Markdown: its
// words, what it forwards, and who wrote it. It is pure.
package content
