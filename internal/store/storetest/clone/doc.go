// Package clone makes PostgreSQL databases for tests, quickly: each is a copy
// of one template, which is migrated once for each schema.
package clone
