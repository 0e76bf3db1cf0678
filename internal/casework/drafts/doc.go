// Package drafts keeps what people have begun in forms, for a day, so that
// they can go on with it, and remembers what is done once only. A draft is nobody's business but its owner's: it is no
// part of a case, and nothing is told of it.
package drafts
