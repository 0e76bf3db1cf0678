// Package reports keeps on both databases what reports are made of: the facts of
// cases and chats, and what people said of chats. It is the part of sqlstore's
// reads and updates that nothing else there knows of.
package reports
