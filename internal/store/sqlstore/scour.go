package sqlstore

import (
	"context"

	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/search"
)

// Scour has some more of the index forget for good what was erased, and reports
// whether there is more to forget. Called again after a crash it goes on where
// it was. PostgreSQL does that by itself when it vacuums.
func (s *Store) Scour(ctx context.Context) (more bool, err error) {
	if s.index.Postgres {
		return false, nil
	}
	err = s.db.Read(ctx, func(c commit.Session) error {
		more, err = search.Erased(ctx, c)
		return err
	})
	if err != nil || !more {
		return false, err
	}
	var done bool
	err = s.Update(ctx, func(of store.Tx) error {
		more, done, err = search.Scour(ctx, of.(*tx).session) // unreachable otherwise: Update gives nothing else
		return err
	})
	if err == nil && done {
		s.db.Scrub()
	}
	return more, err
}
