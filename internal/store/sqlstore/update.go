package sqlstore

import (
	"context"
	"sync/atomic"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/hints"
	"caseline/internal/store/sqlstore/noted"
	"caseline/internal/store/sqlstore/parts"
	"caseline/internal/store/sqlstore/search"
	"caseline/internal/store/sqlstore/setup"
)

// An update is a caller's function on its way through the writers.
type update struct {
	store *Store
	fn    func(store.Tx) error
	hints touched // by the last run
}

// touched is what an update touched, and whom it found or put in the database.
type touched struct {
	hints.Hints
	noted   []desk.PersonID
	authors []noted.Pair
	docs    []search.Doc // to be put into the index before the commit
	erased  bool
}

func (t *touched) reset() {
	t.Reset()
	t.noted, t.authors, t.docs, t.erased = t.noted[:0], t.authors[:0], t.docs[:0], false
}

// Apply runs the function in a transaction.
func (u *update) Apply(s commit.Session) error {
	u.hints.reset()
	t := &tx{store: u.store, session: s, hints: &u.hints}
	t.Tx = setup.Tx{Reads: setup.Reads{Ask: access{t}}, To: access{t}, Texts: &u.store.texts.setup}
	t.partTx = parts.In(access{t}, u.store.dialect.Locked)
	t.installTx = installTx{Reads: installReads{Installs: access{t}}, InstallsTo: access{t}}
	return t.outcome(u.fn(t))
}

// Update runs fn in one transaction; see store.Store.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.db.Update(ctx, &update{store: s, fn: fn})
}

// committed counts what was committed and tells the watchers.
func (s *Store) committed(updates []commit.Update) {
	s.counters.commits.Add(1)
	s.counters.updates.Add(int64(len(updates)))
	var all hints.Hints
	erased := false
	for _, u := range updates {
		if u, ok := u.(*update); ok { // they all are
			all.Merge(u.hints.Hint)
			s.noted.Add(u.hints.noted)
			s.authors.Add(u.hints.authors)
			erased = erased || u.hints.erased
		}
	}
	if erased {
		s.db.Scrub()
	}
	if all.Empty() {
		return
	}
	s.watchers.Tell(all.Hint)
	if s.news != nil {
		s.news.Add(all.Hint)
	}
}

// Trim gives back the memory of what was read until now: what only starting asked
// for.
func (s *Store) Trim(ctx context.Context) error { return s.db.Trim(ctx) }

// Stats says how much was written since the store was opened.
type Stats struct {
	Commits int64
	Updates int64 // that were committed
}

type counters struct{ commits, updates atomic.Int64 }

// Stats returns how much was written since the store was opened.
func (s *Store) Stats() Stats {
	return Stats{Commits: s.counters.commits.Load(), Updates: s.counters.updates.Load()}
}
