// Package app is the one place that sees every concrete type: it builds the
// parts, joins them, runs them and stops them in order. It has no rules of
// its own.
//
// The order of stopping is the route of a message: first what takes in new
// work (the HTTP server, with the Slack edge and the console on it), then the
// inbox, the outbox, the directory of people, the feed, and the store last.
// What is unfinished when a deadline passes is still a row and is taken up at
// the next start.
package app
