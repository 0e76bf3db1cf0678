// Package adding puts a message in Slack on a case, by a shortcut on it: *Add this
// message to a case* in its menu, or *Create a case from this message*.
//
// What Slack tells of the message when the shortcut is used is kept as a draft
// while the form is open, for a form carries no more than 3000 characters.
//
// Invariants:
//
//   - A message is on a case once, however often and by whomever it is added.
//   - Whose words they are is said beside them, with a link to the message. The
//     entry's author is who added it.
//   - What may be done is asked anew when a form is submitted.
package adding
