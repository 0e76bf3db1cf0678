// Package mailing has the addresses in a case's CC told of it by mail, and knows
// which of them still want that.
//
// What is mailed is what is news: that the case was opened, what was added to it
// outside its chats, that a chat has ended, that the case is resolved or open
// again. It is queued in the transaction of what happened, one delivery for each
// address in a lane of its own, so that what one server refuses or delays holds
// up nobody else. What a mail says is read when it goes: what was erased by then
// is not in it.
package mailing
