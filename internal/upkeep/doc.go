// Package upkeep does what a desk does by itself as time passes: it asks
// customers who went quiet whether they are still there, ends chats that
// nobody goes on with, brings the chats of agents who are gone back to the
// queue, has waiting people's cards say whose turn it is, and removes the bytes
// of files that were erased from the record.
//
// It only finds which chats may be due. The use case of package casework
// judges each again in its own transaction, so any number of nodes may keep
// up the same desk, and a sweep that is late or lost is healed by the next.
//
// Nobody is judged by what could not be heard or seen: of a quiet chat Slack's
// history is read first, and an agent is missed from when the node has served.
package upkeep
