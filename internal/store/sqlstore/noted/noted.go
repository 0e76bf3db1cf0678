package noted

import (
	"hash/maphash"
	"sync"
)

// most bounds what is remembered of one kind, some fifty bytes each.
const most = 10_000

// A Set remembers keys of what was committed. It keeps some and begins anew.
// The zero Set is empty. Many goroutines may use it.
type Set[K comparable] struct {
	mu  sync.RWMutex // guards all while it is looked at
	all map[K]struct{}
}

// Has reports whether a key is remembered.
func (s *Set[K]) Has(key K) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.all[key]
	return ok
}

// Add remembers keys.
func (s *Set[K]) Add(keys []K) {
	if len(keys) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= most {
		s.all = make(map[K]struct{})
	}
	for _, key := range keys {
		s.all[key] = struct{}{}
	}
}

// Forget forgets all of them: some are no more.
func (s *Set[K]) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = nil
}

// A Pair is two texts in little room: no two are the same in one process, as far
// as chance allows.
type Pair uint64

// Pairs makes pairs of one process.
type Pairs struct{ seed maphash.Seed }

// NewPairs returns Pairs.
func NewPairs() Pairs { return Pairs{maphash.MakeSeed()} }

// Of is the pair of a and b.
func (p Pairs) Of(a, b string) Pair { return Pair(maphash.Comparable(p.seed, [2]string{a, b})) }
