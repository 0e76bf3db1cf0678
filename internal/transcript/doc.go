// Package transcript writes the record of one chat for keeping: as text, as
// HTML and as JSON. It is pure; the pages give it what they read.
//
// All three say the same, in the order in which people wrote, with edits and
// deletions beside what they changed. Each carries the SHA-256 of the chat's
// content, taken over the JSON form without the hash itself, so that a copy
// can be told from a forgery: the JSON file is checked by itself, the other
// two against it.
package transcript
