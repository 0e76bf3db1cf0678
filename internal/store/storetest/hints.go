package storetest

import (
	"sync"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func hintChecks() []check {
	return []check{
		{"a commit says what it touched", hintsSay},
		{"what failed gives no hint", hintsOfFailures},
		{"hints come after the commit", hintsAfterCommit},
	}
}

// A listener collects hints.
type listener struct {
	mu  sync.Mutex
	all []store.Hint
}

func (l *listener) hear(h store.Hint) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, h)
}

// heard returns the hints so far and forgets them. A store tells its own
// watchers before an update returns.
func (l *listener) heard() []store.Hint {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	l.all = nil
	return all
}

func hintsSay(t *testing.T, s store.Store) {
	ctx := t.Context()
	var l listener
	stop := s.Watch(l.hear)
	c := AddCase(t, s, 1)
	same(t, "a new case", l.heard(), []store.Hint{{Cases: []store.CaseHint{{Case: c.ID, Seq: 1, Revision: 1}}}})

	update(t, s, func(tx store.Tx) error {
		for _, lane := range []desk.Lane{"a", "b", "a"} {
			d := NewDelivery(lane, c.ID)
			if err := tx.Enqueue(ctx, &d); err != nil {
				return err
			}
		}
		for key, state := range map[string]desk.EventState{"e1": desk.EventPending, "e2": desk.EventDone} {
			e := NewEvent(key, desk.Lane("of "+key))
			e.State = state
			if _, err := tx.AddEvent(ctx, &e); err != nil {
				return err
			}
		}
		return tx.SaveAgent(ctx, &desk.Agent{ID: "jane", Email: "jane@example.com"})
	})
	same(t, "lanes and agents", l.heard(), []store.Hint{{Deliveries: []desk.Lane{"a", "b"}, Events: []desk.Lane{"of e1"}, Agents: true}})

	for _, want := range [][]store.Hint{{{People: true}}, nil} { // new, then known
		update(t, s, func(tx store.Tx) error { return tx.NotePerson(ctx, "T1:U1") })
		same(t, "people", l.heard(), want)
	}
	update(t, s, func(tx store.Tx) error {
		_, err := tx.LockCase(ctx, c.ID)
		return err
	})
	same(t, "nothing written", l.heard(), []store.Hint(nil))
	stop()
	AddCase(t, s, 2)
	same(t, "after stop", l.heard(), []store.Hint(nil))
}

func hintsOfFailures(t *testing.T, s store.Store) {
	ctx := t.Context()
	var l listener
	defer s.Watch(l.hear)()
	errs := Crowd(ctx, s, 20, func(i int, tx store.Tx) error {
		c, _ := NewCase(t, i)
		if err := tx.InsertCase(ctx, &c); err != nil {
			return err
		}
		if i != 7 {
			return errNo
		}
		return nil
	})
	want, _ := NewCase(t, 7)
	got := make(map[desk.CaseID]int)
	for _, h := range l.heard() {
		for _, c := range h.Cases {
			got[c.Case]++
		}
	}
	same(t, "hints", got, map[desk.CaseID]int{want.ID: 1})
	if errs[7] != nil {
		t.Errorf("the one that succeeds: %v", errs[7])
	}
}

func hintsAfterCommit(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	hints := make(chan store.Hint, 100)
	defer s.Watch(func(h store.Hint) { hints <- h })()
	var reader sync.WaitGroup
	reader.Go(func() {
		for h := range hints {
			for _, hint := range h.Cases {
				c, err := s.Case(ctx, hint.Case)
				if err != nil || c.LastSeq < hint.Seq || c.Revision < hint.Revision {
					t.Errorf("after %+v: got seq %d, revision %d, %v", hint, c.LastSeq, c.Revision, err)
				}
			}
		}
	})
	for i, err := range Crowd(ctx, s, 50, func(i int, tx store.Tx) error { return AddEntry(t, tx, id, i) }) {
		if err != nil {
			t.Errorf("update %d: %v", i, err)
		}
	}
	close(hints)
	reader.Wait()
}
