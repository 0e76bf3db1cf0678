// Package mentions knows what the channels and user groups are called that
// people mention, of which Slack's texts say no more than the id.
//
// Nothing is asked for until somebody is to read a mention. Then Slack is asked
// while the reader waits, for a second at most; what it says after that is told
// to the pages that are open. Names are believed for an hour, and Slack's events
// have them asked for anew. They are kept in memory only: after a start they are
// asked for again.
//
// A channel that the app may not see is never named. That is so for private
// channels which it is not in, and from the moment on in which it is taken out
// of one. Where people in Slack read a text, no private channel is named, as Slack
// itself names it to those only who are in it.
package mentions
