// Package blockkit knows the blocks of messages and views: which Slack accepts,
// what their elements hold when a person has filled them in, and what a client
// refuses to submit. It is pure.
package blockkit
