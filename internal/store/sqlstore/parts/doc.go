// Package parts joins the parts of sqlstore's reads and updates that stand in
// packages of their own and need nothing of it but to run statements.
package parts
