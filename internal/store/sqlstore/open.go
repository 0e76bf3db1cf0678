package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/hints"
	"caseline/internal/store/sqlstore/noted"
	"caseline/internal/store/sqlstore/parts"
	"caseline/internal/store/sqlstore/search"
	"caseline/internal/store/sqlstore/setup"
	"caseline/internal/store/sqlstore/stored"
)

// Options says which database to open, and how.
type Options struct {
	// URL is sqlite:PATH, sqlite::memory: or postgres://….
	URL string

	Logger *slog.Logger // nil: nothing is logged
	// Now is the clock by which migrations are dated and, on SQLite, claims
	// expire. nil: the system's.
	Now func() time.Time
}

// A Store is a store.Store on SQLite or PostgreSQL.
type Store struct {
	reads
	db       database
	dialect  dialect.Dialect
	texts    texts
	now      func() time.Time
	log      *slog.Logger
	watchers hints.Watchers
	recent   *stored.Recent // what the only writer remembers; nil where there are several
	noted    noted.Set[desk.PersonID]
	authors  noted.Set[noted.Pair]
	pairs    noted.Pairs
	news     *hints.News // nil where there are no other nodes
	index    index
	counters counters
}

var _ store.Store = (*Store)(nil)

// A database is one of the two.
type database interface {
	Update(ctx context.Context, u commit.Update) error
	Read(ctx context.Context, fn func(commit.Session) error) error
	// Scrub has what was erased leave the log of writes, too, where that is
	// ours. It returns at once.
	Scrub()
	// Trim gives back the memory of what was read until now.
	Trim(ctx context.Context) error
	Finish()
	Close() error
}

// Open opens the database, brings it up to date and starts its writers. The
// context bounds the opening only.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{now: o.Now, log: o.Logger, pairs: noted.NewPairs()}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.reads.store = s
	s.reads.Reads = setup.Reads{Ask: look{reads{store: s}}}
	asker := look{reads{store: s}}
	s.reads.partReads = parts.Of(asker)
	s.reads.installReads = installReads{Installs: asker}
	scheme, rest, _ := strings.Cut(o.URL, ":")
	var err error
	switch scheme {
	case "sqlite":
		err = s.openSQLite(ctx, rest)
	case "postgres", "postgresql":
		err = s.openPostgres(ctx, o.URL)
	default:
		return nil, fmt.Errorf("the database must be named by sqlite:PATH or postgres://HOST/NAME, not by %q", scheme+":…")
	}
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return s, nil
}

func (s *Store) openSQLite(ctx context.Context, path string) error {
	s.speak(dialect.SQLite())
	s.recent = stored.NewRecent()
	db, err := commit.OpenSQLite(ctx, path, commit.Options{
		Now: s.now,
		Prepare: func(ctx context.Context, p commit.Preparer) error {
			if err := s.migrate(ctx, p); err != nil {
				return err
			}
			return errors.Join(p.Write(ctx, commit.Op{Doing: "end the claims of a process that is gone"}, stored.InterruptClaims, nil, nil), search.Tune(ctx, p))
		},
		Began:  s.recent.Look,
		Ending: s.index.writeAll,
		Undone: func() {
			s.recent.Forget()
			s.index.numbers.Forget()
		},
		Committed: s.committed,
	})
	if err != nil {
		return err
	}
	s.db = db
	return nil
}

func (s *Store) openPostgres(ctx context.Context, url string) error {
	s.speak(dialect.Postgres())
	s.news = hints.NewNews(&s.watchers, s.log)
	db, err := commit.OpenPostgres(ctx, url, commit.Options{Now: s.now, Prepare: s.migrate, Committed: s.committed})
	if err != nil {
		return err
	}
	s.db = db
	s.watchers.Add(func(h store.Hint) {
		if h.All || h.People { // another node may have erased somebody
			s.noted.Forget()
			s.authors.Forget()
		}
	})
	s.news.Start(db)
	return nil
}

func (s *Store) speak(d dialect.Dialect) {
	s.dialect, s.texts = d, newTexts(d)
	s.index.Index = search.Index{Postgres: d.HasClock, IsIn: d.IsIn}
}

// Watch calls fn after each commit with what it touched.
func (s *Store) Watch(fn func(store.Hint)) (stop func()) { return s.watchers.Add(fn) }

// Ready reports whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	return s.reads.query(ctx, commit.Op{Doing: "ask the database"}, "SELECT 1", nil, func(commit.Row) error { return nil })
}

// Close finishes the updates that wait and closes the database.
func (s *Store) Close() error {
	s.db.Finish()
	if s.news != nil {
		s.news.Close()
	}
	return s.db.Close()
}
