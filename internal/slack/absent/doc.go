// Package absent says of a page of Slack's history which time it tells all
// about: whatever was written then in the same place and is not on the page was
// deleted.
//
// It concludes nothing from what a page may have left out for another reason.
// Old messages are cut off by plans that hide them, so a page tells of nothing
// older than the oldest message on it; the newest may not have reached the
// history yet; a page of a channel tells of no thread, and one of a thread of
// nothing else.
package absent
