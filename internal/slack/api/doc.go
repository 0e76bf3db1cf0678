// Package api calls Slack's Web API and says what each call came to.
//
// Slack has no idempotency key, so a caller must know whether a call that
// failed may have been applied all the same. Every method here returns nil or
// an error that holds an [Error], which says so: the request never left
// ([Lost]), Slack answered with an error and did nothing ([Refused],
// [Limited]), or nobody can tell ([Unknown]). Nothing is ever tried again
// here; that is the outbox's part, which can look before it repeats.
//
// Under it is slack-go, for the calls whose answers it reads well. Posting,
// histories and listings are read by hand, because one block or channel of a
// kind nobody has seen must not make a whole answer unreadable. All calls go
// through one transport that bounds them in time and size, follows no
// redirect, and sends the token nowhere but to Slack.
//
// In the route of an agent's reply this stands between send.Sender and the
// network. It knows nothing of cases.
package api
