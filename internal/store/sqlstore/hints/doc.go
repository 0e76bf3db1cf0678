// Package hints says what commits touched: to the watchers in this process at
// once, and to other nodes on the same database a few milliseconds later, many
// in one telling. A hint may be lost; who needs to know also looks.
package hints
