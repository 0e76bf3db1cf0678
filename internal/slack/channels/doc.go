// Package channels knows the public channels of workspaces, for operators who
// choose one.
//
// Slack is asked when somebody needs it, page by page up to a bound, and what it
// says is believed for a minute: long enough to look for a channel, too short to
// miss one that was just made for long.
package channels
