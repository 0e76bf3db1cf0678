// Package ident spells Slack's things as desk's identifiers and reads them
// back: places, people, and the origins of what is recorded from Slack.
//
// Outside slack and its subpackages these identifiers are opaque: they are
// stored and compared, never taken apart. Their spelling is stored in
// databases and must not change. A channel to which Slack gives another id
// keeps the one that it had first; [Channels] knows both.
package ident
