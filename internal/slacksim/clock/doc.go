// Package clock is the time of a simulated Slack. Everything in slacksim that
// asks what time it is, or waits, asks a Clock, so that a test can let a minute
// or a day pass at once. Real is the wall clock; Manual moves only when told.
package clock
