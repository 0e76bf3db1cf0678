// Package rating asks people in Slack how a chat was, after its end, and takes
// what they say.
//
// A message in the chat's place has five buttons. Whoever presses one sees
// privately what they chose, with two more: *Send*, and *Add a comment*, which
// opens a form. Nothing is kept before one of those. All of it is buttons, so it
// works in threads too.
package rating
