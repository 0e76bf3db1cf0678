// Package slack is where Slack meets the desk: with its subpackages it is the
// only place that knows both.
//
// What Slack sends comes in through [Ingress], which believes nothing before
// its signature is checked, or by package socket, over connections that we open
// ourselves. [Intake] takes it, whichever way it came. An event is stored in the
// inbox before Slack is told that we have it; [Interpreter] later turns the
// stored bytes into one request to casework. A command, a pressed button or a
// submitted form is not stored, because Slack never repeats it: package front
// answers it at once, by one use case, within Slack's three seconds.
//
// [Directory] learns people's names, and [Setup] who our app is. What goes out
// is in package send.
//
// Invariants:
//
//   - Nothing of a request is read before its signature is checked over the
//     raw bytes, and only bodies of a bounded size are.
//   - Our own messages never come back as a customer's: they are known by bot,
//     app and metadata, never by name.
package slack
