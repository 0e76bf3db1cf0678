package feed

import "context"

// maxRoom is how many changes a subscription keeps room for between calls: more
// than a busy server commits at once.
const maxRoom = 128

// A Subscription hears of what changes after it was made. It belongs to one
// goroutine, and needs no closing.
type Subscription struct {
	feed *Feed
	at   uint64
	room []Change
}

// Subscribe returns a Subscription to everything that changes from now on.
// Who reads the store after Subscribe, and then heeds what Next returns,
// misses nothing.
func (f *Feed) Subscribe() *Subscription {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return &Subscription{feed: f, at: f.journal.at}
}

// Next waits until something has changed and returns it, each case once. The
// slice is good until the next call. The error is ctx's cause, or [ErrStopped].
func (s *Subscription) Next(ctx context.Context) ([]Change, error) {
	for {
		if changes, ok := s.read(); ok {
			return changes, nil
		}
		wake, err := s.feed.await(s.at)
		if err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			s.feed.leave(wake)
			return nil, context.Cause(ctx)
		case <-wake:
		}
	}
}

// read returns what is new, holding up nobody else who reads.
func (s *Subscription) read() (changes []Change, any bool) {
	f := s.feed
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.journal.at <= s.at {
		return nil, false
	}
	changes = f.journal.since(s.at, s.room[:0])
	s.at = f.journal.at
	if cap(changes) <= maxRoom {
		s.room = changes
	}
	return changes, true
}

// await returns what is closed once there is more than at.
func (f *Feed) await(at uint64) (wake chan struct{}, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.stopped:
		return nil, ErrStopped
	case f.journal.at > at:
		return f.more, nil
	}
	f.waiting++
	return f.wake, nil
}

// leave is one who no longer waits for wake.
func (f *Feed) leave(wake chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.wake == wake {
		f.waiting--
	}
}
