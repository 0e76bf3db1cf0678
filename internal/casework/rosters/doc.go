// Package rosters has the use cases of who answers what: teams made, changed and
// taken away, and what each agent takes on. The audit says who did it.
package rosters
