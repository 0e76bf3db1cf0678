// Package recording has the use cases that put on record what people do in
// Slack where a chat runs: they write, edit, delete, react, come and go. What
// events did not tell is taken from Slack's history by the same rules.
//
// The service of package casework is made on top of one of these.
package recording
