// Package offering has waiting chats offered to agents: as soon as the store tells
// of a change that may matter, when an offer or a team's closing time ends, and at
// intervals, because hints can be lost and agents leave without a word. Every node
// runs it.
package offering
