package auth

import (
	"sync"
	"time"
)

// A limit allows burst tries at once and one more every interval.
type limit struct {
	burst    int
	interval time.Duration
}

// wait is how long the next try has to wait under a key that is clear at an instant.
func (l limit) wait(clear, now time.Time) time.Duration {
	if clear.Before(now) {
		clear = now
	}
	return max(0, clear.Add(l.interval).Sub(now)-time.Duration(l.burst)*l.interval)
}

// The limits of failed sign-ins. The first stops somebody guessing one
// person's password; the second slows down many machines guessing it together,
// high enough that it is no way to lock a person out for fun; the third bounds
// one machine that tries many people.
func pairLimit() limit    { return limit{burst: 5, interval: time.Minute} }
func emailLimit() limit   { return limit{burst: 50, interval: time.Minute} }
func addressLimit() limit { return limit{burst: 100, interval: 6 * time.Second} }

// maxThrottled bounds the memory that strangers can make a throttle use.
const maxThrottled = 20_000

// A throttle counts tries per key. Each key holds the instant at which it
// will be as if it had never tried.
type throttle struct {
	mu    sync.Mutex // guards clear, for map operations only
	clear map[string]time.Time
}

func newThrottle() *throttle { return &throttle{clear: map[string]time.Time{}} }

// try counts a try under each key, or reports how long to wait if one of them
// has none left; then none is counted.
func (t *throttle) try(now time.Time, keys map[string]limit) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, l := range keys {
		wait = max(wait, l.wait(t.clear[key], now))
	}
	if wait > 0 {
		return wait
	}
	for key, l := range keys {
		at := t.clear[key]
		if at.Before(now) {
			at = now
		}
		t.makeRoom(now)
		t.clear[key] = at.Add(l.interval)
	}
	return 0
}

// forget clears a key after a success.
func (t *throttle) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.clear, key)
}

// makeRoom keeps the map under its bound: first what is clear goes, then, if
// strangers really fill it, some of the rest.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.clear) < maxThrottled {
		return
	}
	for key, at := range t.clear {
		if !at.After(now) {
			delete(t.clear, key)
		}
	}
	for key := range t.clear {
		if len(t.clear) < maxThrottled*9/10 {
			return
		}
		delete(t.clear, key)
	}
}
