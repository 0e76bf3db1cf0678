package lanes

import (
	"math/rand/v2"
	"time"
)

// A Backoff is how long to wait after a failure: First after the first,
// twice as long after each further one, never longer than Max.
type Backoff struct {
	First time.Duration
	Max   time.Duration
}

// After returns the wait after the n-th failure in a row. Up to a quarter is
// taken off at random, so that what failed together does not come back
// together.
func (b Backoff) After(n int) time.Duration {
	wait := b.First
	for range min(n-1, 40) { // 40 doublings of a nanosecond are a quarter of an hour
		if wait >= b.Max {
			break
		}
		wait *= 2
	}
	wait = min(wait, b.Max)
	if wait < 4 {
		return wait
	}
	return wait - rand.N(wait/4)
}

// Or returns b, with what is not set taken from d.
func (b Backoff) Or(d Backoff) Backoff {
	if b.First <= 0 {
		b.First = d.First
	}
	if b.Max <= 0 {
		b.Max = max(d.Max, b.First)
	}
	return b
}
