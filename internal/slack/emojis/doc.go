// Package emojis knows the custom emoji of our workspace, so that agents see
// them as pictures.
//
// Slack's list of them is read at the start, every few hours, when Slack says
// that it changed, and when a name is met that nobody knows. A picture is
// brought here when it is first to be shown and then served from our own
// address: no browser of an agent asks another host, and what is no picture, or
// too large for one, is never served.
//
// All of it is good to have and never in anybody's way: without the scope
// emoji:read, or without Slack, names are shown.
package emojis
