// Package takeout writes all data of an account into one ZIP file: each case as
// JSON and as a page, the transcripts of its chats, its files, the names of people
// as they are known, what was done to the account, and a manifest with the SHA-256 of
// each part.
//
// It reads case by case and page by page, so that its memory is that of one page, of
// one file's buffer, of who is in the account, and of the manifest's lines; a transcript takes the log of one
// case, which is why cases with very long logs have the page alone. What was erased
// is not in it; what accounts keep from agents is, for it is the account's.
package takeout
