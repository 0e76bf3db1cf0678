// Package rich is Slack's side of text: the shape that Slack's rich_text gives
// it, read from and written to Slack's JSON and Slack's older markup.
//
// A text is a row of blocks (a section, a list, a quotation, code), a block a
// row of spans (words, a link, an entity, an emoji), each in one style. Package
// mrkdwn goes from there to Markdown and back.
//
// What is read is lenient: unknown elements give their text, broken JSON what
// was read until it broke. What is written is exact: rich_text parses nothing,
// and in its fallback text everything but what this package builds is escaped.
// Split keeps both within Slack's limits.
package rich
