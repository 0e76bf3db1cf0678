// Package bench measures the whole program from outside: signed events posted
// over loopback to the real server on a real database file, agents' streams
// connected, and next to it, in the same run, what the machine can do without
// the product: the bare path and the raw disk. Machines are noisy, so a figure
// is the median of several runs, and what counts is its ratio to the limit
// beside it.
//
// The bare path is the ceiling of the design: HTTP, HMAC, decoding with
// encoding/json, and a grouped commit of the rows that the product writes for
// the same message (an event, an entry of the log, the case's counters) to the
// same tables with the same indexes and settings. It asks the database
// nothing, keeps no lanes, tells nobody, and trusts that nothing comes twice.
// Like the product it is a process of its own, on a database of its own.
package bench
