// Package roster keeps on both databases who answers what, and where agents are
// seen. It is the part of sqlstore's reads and updates that nothing else there
// knows of.
package roster
