// Package keep holds rows in memory and, if there is a journal, on disk. All
// that one operation changed is one line of the journal; lines are written
// whole and a torn last line is dropped on reading, so a crash loses at most
// the operation that nobody had an answer to yet. The file is rewritten without
// what is outdated whenever it is opened.
package keep
