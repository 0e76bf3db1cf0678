// Package fronttest has what a front needs where a test is about neither: a
// store in which nothing is, and a Slack that takes everything.
package fronttest
