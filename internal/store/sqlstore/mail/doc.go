// Package mail keeps on both databases who gets mail about cases, and the
// secrets that links in it are signed with. It is the part of sqlstore's reads
// and updates that nothing else there knows of.
package mail
