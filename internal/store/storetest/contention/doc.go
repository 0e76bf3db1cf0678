// Package contention is the part of the stores' contract that is about many at
// once: updates that want the same, workers on the same lanes, and nodes on the
// same database.
package contention
