package feed

import "sync"

// A Kind says what kind of thing changed.
type Kind string

// The kinds of hints, and what their ID is.
const (
	Channel   Kind = "channel"   // a channel: its messages, threads, pins, members, name
	Sidebar   Kind = "sidebar"   // a user: the list of channels or its unread marks
	View      Kind = "view"      // a user: the open modal
	Home      Kind = "home"      // a user: an app's home tab
	Ephemeral Kind = "ephemeral" // a user: messages only they see
	Workspace Kind = "workspace" // a workspace: its people, its apps
	Events    Kind = "events"    // an app: something to deliver, or delivered
	Journal   Kind = "journal"   // nothing: an app called, or was called
)

// A Hint says where to look again.
type Hint struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

// A Feed passes hints to its subscriptions. The zero Feed is ready to use.
type Feed struct {
	mu   sync.Mutex // guards subs and each one's hints, for a few instructions
	subs map[*Subscription]bool
}

// A Subscription collects hints until they are taken.
type Subscription struct {
	feed  *Feed
	wake  chan struct{}
	hints []Hint
	seen  map[Hint]bool
}

// Subscribe starts to collect hints. Close the subscription when done.
func (f *Feed) Subscribe() *Subscription {
	s := &Subscription{feed: f, wake: make(chan struct{}, 1), seen: map[Hint]bool{}}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs == nil {
		f.subs = map[*Subscription]bool{}
	}
	f.subs[s] = true
	return s
}

// C is readable when there are hints to take.
func (s *Subscription) C() <-chan struct{} { return s.wake }

// Take returns the hints collected since the last time, oldest first.
func (s *Subscription) Take() []Hint {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	out := s.hints
	s.hints = nil
	clear(s.seen)
	return out
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	delete(s.feed.subs, s)
}

// Publish passes hints on. It never waits for anybody.
func (f *Feed) Publish(hints ...Hint) {
	if len(hints) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		for _, h := range hints {
			if !s.seen[h] {
				s.seen[h] = true
				s.hints = append(s.hints, h)
			}
		}
		select {
		case s.wake <- struct{}{}:
		default: // already awake
		}
	}
}
