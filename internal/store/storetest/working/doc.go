// Package working tests that a store keeps what agents keep for themselves and
// for each other while they work.
package working
