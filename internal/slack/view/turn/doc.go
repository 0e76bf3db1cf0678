// Package turn has what the card of a waiting chat says: where in the queue it is,
// and whether anybody is there. It is pure, and part of view.
package turn
