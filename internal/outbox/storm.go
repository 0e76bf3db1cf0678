package outbox

import (
	"slices"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/pace"
)

// storms are the methods that Slack says are called too often, also after we
// have waited as it asked: then it is in trouble of its own, and may have left
// out events as well. One refusal is none, for that only says that somebody
// calls too fast.
type storms struct {
	mu sync.Mutex        // guards of; held for one look and one write
	of map[string]refuse // by the method's bucket
}

// A refuse is what Slack has said of a method since it last answered.
type refuse struct {
	since time.Time // it refused first
	until time.Time // it asked to wait
	again bool      // it refused after that, too
}

// heard notes what a try came to, and says how long the storm lasted that it has
// ended; zero if there was none.
func (s *storms) heard(budget []pace.Bucket, v desk.Verdict, now time.Time) (lasted time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.Kind == desk.Retry && v.Hold != "" {
		s.refused(budget, v, now)
		return 0
	}
	if v.Kind != desk.Sent {
		return 0 // which need not mean that Slack has answered
	}
	for _, b := range budget {
		if r := s.of[b.Key]; r.again {
			lasted = max(lasted, now.Sub(r.since))
		}
		delete(s.of, b.Key)
	}
	return lasted
}

// refused notes that the method of v was called too often. One that is not in
// the budget is called by the way, and nobody would note that it works again. mu
// is held.
func (s *storms) refused(budget []pace.Bucket, v desk.Verdict, now time.Time) {
	if !slices.ContainsFunc(budget, func(b pace.Bucket) bool { return b.Key == v.Hold }) {
		return
	}
	r, known := s.of[v.Hold]
	if !known {
		r.since = now
	}
	r.again = r.again || known && !now.Before(r.until)
	if v.At.After(r.until) {
		r.until = v.At
	}
	if s.of == nil {
		s.of = make(map[string]refuse)
	}
	s.of[v.Hold] = r
}
