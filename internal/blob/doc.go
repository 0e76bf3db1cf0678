// Package blob keeps the bytes of files, named by their content.
//
// A file's name is the SHA-256 of what is in it, in hex, so the same bytes are
// kept once and a name never changes its meaning. Which case a file belongs
// to, what it is called and when it is no longer needed is the database's
// matter; [Folder.Remove] is for the caller who knows that no row names the
// hash.
//
// Invariants:
//
//   - A file is there whole or not at all: it is written beside, synced, and
//     renamed to its name; once Put returns it survives a crash.
//   - Nothing outside the folder is read or written, whatever a name says.
//   - What was put there a moment ago is not removed by [Folder.RemoveIdle]: a
//     row may be about to name it.
//   - What a crash left half written is swept when the folder is opened.
//
// In the route of a message the slack package puts here what customers
// uploaded, and the console reads it for agents.
package blob
