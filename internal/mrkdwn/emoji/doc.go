// Package emoji knows the names of common emoji, as Slack calls them, and how
// a name is written in a text: ":tada:".
package emoji
