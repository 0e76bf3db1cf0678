// Package dialect holds the texts in which SQLite and PostgreSQL differ, side by
// side. All other SQL of sqlstore is in the part that both share.
package dialect
