// Package drafts keeps on both databases what people have begun in forms and
// not sent. It is the part of sqlstore's reads and updates that nothing else
// there knows of.
package drafts
