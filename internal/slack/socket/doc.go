// Package socket is our Socket Mode client: how Slack reaches a server that has
// no public address. It holds several WebSocket connections to Slack, over which
// come the events, commands and interactions that come over HTTP otherwise, and
// hands them to an [Intake].
//
// A [Client] has one loop, in keeper.go, that decides which connections there
// should be; each connection (conn.go) reads, pings and answers by itself.
//
// Invariants:
//
//   - An event is acked when the intake has made it durable, and not before. What
//     is not acked, Slack sends again.
//   - Reading never waits for what was read to be done, so that pings are
//     answered however long that takes.
//   - A connection that Slack wants to end goes on until another has said hello,
//     and ends when what it has brought is acked.
//   - Events of one channel are taken in the order in which they came.
//   - Whatever comes, well formed or not, a connection goes on.
//   - Neither the token nor the address of a connection, which is as good as one,
//     is ever logged.
//
// The rules of Slack's side are those of its page Using Socket Mode, and where
// that is silent of what its own clients do.
package socket
