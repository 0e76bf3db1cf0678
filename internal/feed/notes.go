package feed

import (
	"sync"

	"caseline/internal/store"
)

// notes are what the feed was told and has not entered yet. They are apart
// from the journal so that a commit that tells of itself waits for no
// subscriber.
type notes struct {
	most int

	mu   sync.Mutex // guards hint and spare; held for one append
	hint store.Hint
	room []store.CaseHint // for the next notes
}

// add notes h and reports whether there was anything to note.
func (n *notes) add(h store.Hint) bool {
	if len(h.Cases) == 0 && len(h.Looks) == 0 && !h.Agents && !h.People {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hint.Agents = n.hint.Agents || h.Agents
	n.hint.People = n.hint.People || h.People
	n.hint.Looks = append(n.hint.Looks, h.Looks...)
	if len(n.hint.Cases)+len(h.Cases) > n.most {
		n.hint.All = true // more than the journal could tell apart
		n.hint.Cases = n.hint.Cases[:0]
		return true
	}
	n.hint.Cases = append(n.hint.Cases, h.Cases...)
	return true
}

// take returns the notes, good until the next take.
func (n *notes) take() store.Hint {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := n.hint
	n.hint = store.Hint{Cases: n.room[:0]}
	n.room = h.Cases
	return h
}
