package clock

import (
	"context"
	"sync"
	"time"
)

// A Clock tells the time and wakes those who wait for it.
type Clock interface {
	Now() time.Time
	// After sends once on the channel it returns when d has passed. The stop
	// function gives the waiting up; it may be called at any time.
	After(d time.Duration) (ch <-chan time.Time, stop func())
}

// Real is the wall clock. Inside a testing/synctest bubble it is the bubble's.
type Real struct{}

// Now returns the current time.
func (Real) Now() time.Time { return time.Now() }

// After waits on a runtime timer.
func (Real) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// A Manual clock stands still until Advance moves it.
type Manual struct {
	mu      sync.Mutex // guards now and waiting; held for a few instructions
	now     time.Time
	waiting map[*waiter]bool
	changed chan struct{} // closed and replaced whenever waiting changes
}

type waiter struct {
	at time.Time
	ch chan time.Time
}

// NewManual returns a clock that stands at start.
func NewManual(start time.Time) *Manual {
	return &Manual{now: start, waiting: map[*waiter]bool{}, changed: make(chan struct{})}
}

// Now returns the time the clock stands at.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// After waits until Advance has moved the clock by d.
func (m *Manual) After(d time.Duration) (<-chan time.Time, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := &waiter{at: m.now.Add(d), ch: make(chan time.Time, 1)}
	if d <= 0 {
		w.ch <- m.now
		return w.ch, func() {}
	}
	m.waiting[w] = true
	m.tell()
	return w.ch, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.waiting, w)
		m.tell()
	}
}

// tell wakes those in Blocked. The mutex is held.
func (m *Manual) tell() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// Advance moves the clock and wakes everyone whose time has come.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
	for w := range m.waiting {
		if !w.at.After(m.now) {
			w.ch <- m.now
			delete(m.waiting, w)
		}
	}
	m.tell()
}

// Next is the earliest time that somebody waits for, if anybody waits.
func (m *Manual) Next() (next time.Time, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for w := range m.waiting {
		if !ok || w.at.Before(next) {
			next, ok = w.at, true
		}
	}
	return next, ok
}

// Blocked returns when exactly n waits are pending, so that a test can be sure
// who waits before it moves the clock.
func (m *Manual) Blocked(ctx context.Context, n int) error {
	for {
		m.mu.Lock()
		have, changed := len(m.waiting), m.changed
		m.mu.Unlock()
		if have == n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
