// Package front answers people in Slack: their commands, the buttons they press
// and the forms they submit.
//
// Each is decoded by the ingress, which has checked that it is Slack's. A
// [Front] looks up the channel it came from and what is allowed there, does one
// use case of casework, and answers privately, all within Slack's three seconds.
// What people read is drawn by package view.
//
// Shortcuts are told apart by the callback_id that they have in the app's
// manifest: case_create, which is global, and on messages case_from_message and
// message_to_case. Slack sends no channel with a global one, and none with a press
// on the app's home; package home says what the person may do then.
//
// Invariants:
//
//   - What may be done is asked anew at each press and each submitted form: a
//     card or a form shows what was allowed when it was drawn.
//   - Doing a thing twice, late, or from a card that shows an old state has no
//     second effect, and the person is told so privately.
//   - A form is opened before anything is read, and filled after; package
//     opening does that.
package front
