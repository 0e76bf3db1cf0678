// Package audit keeps who did what on both databases. Entries are added and
// read; nothing changes or deletes one.
package audit
