// Package casework holds the use cases: open a case, ask for a chat, join,
// reply, record, end, resolve. It is the only writer of cases.
//
// Every use case is one transaction of the same shape: lock the case, has
// this been seen, apply the rule (package desk), append to the log, queue
// deliveries, save the case. Calling one again with the same Origin changes
// nothing. What happens in Slack because of it is a row in the outbox; nothing
// here talks to Slack.
//
// Use cases that start from a stored event (package recording) take the
// transaction in which the event is being applied, so that event and effect
// are one commit. The others, which people wait for, open their own.
//
// Whether somebody may do a thing is checked at the edge that knows who asks.
package casework
