// Package clone lends PostgreSQL databases to tests, quickly. Each is a copy
// of one template, which is migrated once for each schema; a database that a
// test has given back is emptied for the next one, because making and dropping
// databases is the slowest thing a server does.
package clone
