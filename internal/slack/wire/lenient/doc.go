// Package lenient reads JSON that keeps its syntax and breaks its promises:
// numbers as text, text as numbers, empty text for either, an object where an
// id should be. A [Reader] is strict about what is JSON and forgiving about
// what the JSON says: a value that a field cannot take leaves the field alone
// and is listed as an [Odd].
//
// It reads in one pass over one copy of the body, without reflection. Text
// that it returns shares that copy; raw values share the caller's body. Text is
// always valid UTF-8 without NUL, so that any database takes it.
//
// The package wire is made of it; it knows nothing of Slack.
package lenient
