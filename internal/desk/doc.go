// Package desk holds the words and the rules of a support desk: cases, their
// correspondence, chat sessions, deliveries and the people in them.
//
// It is pure. Nothing here does I/O, reads a clock or takes a context: time
// and identifiers come in as arguments, and what must happen next comes back
// as values. That is why the rules cannot differ between two databases, and
// why they are tested in microseconds.
//
// In the route of a message the rules stand between casework, which loads and
// saves what they work on, and the store's contract, which speaks in these
// types only. Words that cases do without stand in packages below this one:
// who is served where, what cases can be about, what is looked for among them.
package desk
