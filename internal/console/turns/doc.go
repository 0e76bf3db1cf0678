// Package turns has what agents press on waiting chats: Next, which takes the right
// one, and passing one that is offered. Accepting an offer is joining the chat. The
// card of an offer is on every page: package work has what is on it.
package turns
