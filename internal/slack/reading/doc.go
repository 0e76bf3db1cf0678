// Package reading shows a case to one person in Slack: its particulars, what
// was said last, the correspondence before that page by page, and a long text
// in full. All of it is one window, which says where it was opened and what it
// shows; whether the person may read there is asked at each press. What can be
// done with the case from the window is package front's.
//
// Agents' notes to each other are never shown.
package reading
