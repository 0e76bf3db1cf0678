// Package fault decides which calls to a simulated Slack go wrong, and how.
// Rules are tried in the order in which they were added; the first that applies
// decides. With the same rules and the same calls in the same order, the same
// calls fail.
package fault
