// Package nap waits, as those do who look at something now and then and when
// they are told to.
package nap
