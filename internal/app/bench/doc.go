// Package bench measures the whole program from outside: signed events posted
// over loopback to the real server on a real database file, agents' streams
// connected, and next to it, in the same run, what the machine can do without
// the product: the bare path (HTTP, HMAC, decode, grouped commit of the same
// rows) and the raw disk. Machines are noisy, so a figure is the median of
// several runs, and what counts is its ratio to the limit beside it.
package bench
