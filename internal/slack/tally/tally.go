package tally

import (
	"maps"
	"sync"
)

// A Tally counts by a word. The zero Tally is ready.
type Tally struct {
	mu sync.Mutex // guards n; held for one count
	n  map[string]int64
}

// Add counts one more.
func (t *Tally) Add(word string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[string]int64{}
	}
	t.n[word]++
}

// Counts are those so far; nil if there are none.
func (t *Tally) Counts() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.n)
}
