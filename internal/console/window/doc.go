// Package window reads as much of a case's log as a page shows: a number of
// items, and what they need of the rest, such as edits of them, what they
// answer and the chats whose transcripts they are. What it reads grows with
// what is shown and not with the case. Package record says what items look
// like.
package window
