// Package report has what leads want to know of the work: the facts of cases and
// chats, what can be asked of them, and how it is reckoned. It is pure: no clock,
// no database.
//
// Facts are reckoned from logs, entry by entry, so that a log is read once;
// [Facts.Add] is the one place that says what counts as an answer, as handling
// and as a reopening. [Measures] says the same in words for those who read the
// numbers.
package report
