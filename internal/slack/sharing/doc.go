// Package sharing shows something to a channel once, however often somebody
// presses for it: Slack tells of every press, and the button is there until we
// have answered the first. What was shown is claimed in the store before it is
// posted, so that it holds over restarts and several nodes, too.
package sharing
