// Package scenario tests the whole program as people meet it: the real
// server over HTTP on a real database, the simulated Slack before it, people
// in Slack and agents in the console. Its tests carry the numbers of the
// promises they show.
package scenario
