// Package dispatch has the use cases of waiting chats: each is offered to one
// agent after the other as package desk/routing plans it, agents pass, and cards
// say whose turn it is and whether anybody is there.
//
// Nothing is remembered between two sweeps. What is offered to whom stands with
// the chat, so that the lock of its case guards it; before a chat is offered the
// agent is locked too, and what they have in hand is counted once more. So any
// number of nodes may sweep at the same time: of those who decide the same one
// does it, and nobody is offered more than they take.
package dispatch
