// Package migrate brings a database to the schema of this release. Steps only
// go forward, share one number on both databases, and are each a transaction.
package migrate
