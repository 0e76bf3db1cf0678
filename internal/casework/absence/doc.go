// Package absence records that a message of a chat was deleted in Slack when no
// event has told of it, because Slack's history shows no such message where it
// would be. It is a use case like those of package casework.
//
// When a message was deleted is then not known, only when that was noticed. The
// account's policy on deletions holds all the same. An event that comes late
// finds the deletion recorded.
package absence
