// Package markup writes what Slack's messages say as HTML: mrkdwn text with its
// <…> tokens, rich_text blocks and plain_text objects.
//
// Invariants: whatever it is given, what it writes is well formed, made of the
// few elements and attributes that its fuzz test lists, and links only to http,
// https, mailto, tel and the addresses that Names gave. It is pure: what ids
// stand for comes from Names.
package markup
