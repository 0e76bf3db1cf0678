// Package console is where agents work: pages, the actions behind their
// forms, and the live stream that keeps the pages true.
//
// Every page works by links and plain forms alone; the scripts make it live.
// The stream never carries content. It says which case changed and how far
// the case has come, and the page fetches what is new since the last entry it
// shows, so that nothing can be missed or reordered on the way; after a
// reconnect it fetches first.
//
// In the route of a message the console stands at both ends: it shows what
// the feed says has changed, and turns a form into one use case of package
// casework. It checks who asks and whether they may; the rules are in desk.
//
// This package holds what answers each address. Below it, acts carries out what is
// pressed on a case, stream tells that
// something changed, record says what a log shows, work who waits and whose
// chats there are, drawn makes pages of both, form reads what comes back, and setup
// has the pages of operators.
package console
