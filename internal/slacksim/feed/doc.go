// Package feed tells those who watch a simulated Slack where to look again. A
// hint carries no content, so a slow or late reader can neither miss nor
// reorder anything; the same hint given twice is kept once.
package feed
