// Package window is the part of the stores' contract by which a page reads a
// window of a log: what stands before a Seq, and what belongs to entries.
package window
