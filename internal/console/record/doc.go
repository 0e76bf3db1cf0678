// Package record says how the log of a case is shown: entries become items in
// the order in which people wrote, an edit stands beside what it changed, a
// deletion marks what it deleted, a reply carries how far it has come in
// Slack, and the end of a chat carries its transcript.
//
// It is pure: everything an item needs comes in with its Source. The console's
// templates draw what comes out.
package record
