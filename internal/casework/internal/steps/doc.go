// Package steps has what the transactions of use cases share: queueing what
// follows from them in Slack, noting people, taking in files, and finding the
// chat that is meant. Nobody but the use cases may have it, so it is internal
// to casework.
package steps
