// Package view draws cases as Slack shows them: the card, notices, links,
// private hints, help and forms, as Block Kit made from desk's types.
//
// It is pure: no I/O, no clock. What people typed is put in plain_text, or
// escaped where Slack's mrkdwn is needed, so it can never become a mention, a
// broadcast or a link; and it is cut to what each part of Block Kit takes. A
// family of messages keeps to one kind of block, for Slack refuses to update
// a message with rich text by one without.
//
// Package slack answers people with these views, package send posts them.
package view
