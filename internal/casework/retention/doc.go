// Package retention has the use cases of what accounts want kept for how long:
// policies, holds, and the erasing of what has had its time.
//
// A sweep erases a bounded number of cases, a page of one at a time, each in a
// transaction that looks at policy and holds anew and notes how far it has come.
// So it may be stopped at every point, and any number of nodes may sweep.
package retention
