package commit

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A run is an update that a test makes up.
type run func(Session) error

func (r run) Apply(s Session) error { return r(s) }

// openFile opens a database with one table.
func openFile(t testing.TB, o Options) *SQLite {
	t.Helper()
	db, _ := openAt(t, o)
	return db
}

func openAt(t testing.TB, o Options) (db *SQLite, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "c.db")
	o.Now = time.Now
	o.Prepare = func(ctx context.Context, p Preparer) error {
		return p.Script(ctx, "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
	}
	db, err := OpenSQLite(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, path
}

func add(t testing.TB, name string) run {
	return func(s Session) error {
		return s.Write(t.Context(), Op{Doing: "add", ID: name}, "INSERT INTO things (name) VALUES ($1)", []any{name}, nil)
	}
}

// ask returns the one value of a query on a connection.
func ask[T any](t testing.TB, q Session, text string) (v T) {
	t.Helper()
	err := q.Query(t.Context(), Op{Doing: "ask"}, text, nil, func(r Row) error { return r.Scan(&v) })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestConnectionsHaveTheirSettings(t *testing.T) {
	db := openFile(t, Options{})
	check := func(q Session) {
		t.Helper()
		if got := ask[string](t, q, "PRAGMA journal_mode"); got != "wal" {
			t.Errorf("journal_mode: got %s, want wal", got)
		}
		if got := ask[int64](t, q, "PRAGMA synchronous"); got != 2 {
			t.Errorf("synchronous: got %d, want 2 (full)", got)
		}
		if got := ask[int64](t, q, "PRAGMA foreign_keys"); got != 1 {
			t.Errorf("foreign_keys: got %d, want 1", got)
		}
	}
	check(db.conn)
	// As many at once as there are readers, so that each is another one.
	var reads sync.WaitGroup
	together := make(chan struct{})
	for range cap(db.readers.may) {
		reads.Go(func() {
			err := db.Read(t.Context(), func(q Session) error {
				together <- struct{}{}
				check(q)
				return q.Write(t.Context(), Op{Doing: "write"}, "DELETE FROM things", nil, nil)
			})
			if err == nil {
				t.Error("a reader wrote")
			}
		})
	}
	for range cap(db.readers.may) {
		<-together
	}
	reads.Wait()
}

func TestUpdatesShareCommits(t *testing.T) {
	var commits, updates int
	db := openFile(t, Options{Committed: func(u []Update) {
		commits++
		updates += len(u)
	}})
	for n := range 5 {
		if err := db.Update(t.Context(), add(t, fmt.Sprint("one ", n))); err != nil {
			t.Fatal(err)
		}
	}
	if commits != 5 || updates != 5 {
		t.Errorf("one after the other: got %d updates in %d commits, want 5 in 5", updates, commits)
	}
	in, out := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = db.Update(t.Context(), run(func(Session) error {
			close(in)
			<-out
			return nil
		}))
	})
	<-in // the writer is held up
	for n := range 64 {
		wg.Go(func() {
			if err := db.Update(t.Context(), add(t, fmt.Sprint("many ", n))); err != nil {
				t.Error(err)
			}
		})
	}
	for len(db.queue.ch) < 64 {
		if t.Context().Err() != nil {
			t.Fatal("they do not come")
		}
	}
	close(out)
	wg.Wait()
	if updates != 70 || commits > 5+6 {
		t.Errorf("together: got %d updates in %d commits, want 70 in at most 11", updates, commits)
	}
}

// TestFailedCommitIsToldToAll makes the commit fail.
func TestFailedCommitIsToldToAll(t *testing.T) {
	db := openFile(t, Options{Committed: func([]Update) { t.Error("committed") }})
	defer func() { _ = db.Close() }()
	err := db.Update(t.Context(), run(func(s Session) error {
		// Deferred until the commit, where it cannot hold.
		if err := s.Write(t.Context(), Op{Doing: "defer"}, "PRAGMA defer_foreign_keys = 1", nil, nil); err != nil {
			return err
		}
		if err := s.Write(t.Context(), Op{Doing: "make"}, "CREATE TABLE parts (thing INTEGER REFERENCES things (id))", nil, nil); err != nil {
			return err
		}
		return s.Write(t.Context(), Op{Doing: "add"}, "INSERT INTO parts VALUES (99)", nil, nil)
	}))
	if err == nil || !strings.Contains(err.Error(), "commit") {
		t.Errorf("got %v, want that the commit failed", err)
	}
	db.Finish()
}

// TestReadersThatComeOneAtATimeShareAConnection has one read after the other,
// and then two at once.
func TestReadersThatComeOneAtATimeShareAConnection(t *testing.T) {
	db := openFile(t, Options{})
	for range 5 {
		if err := db.Read(t.Context(), func(Session) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(db.readers.idle); got != 1 {
		t.Errorf("after five reads: %d connections, want 1", got)
	}
	err := db.Read(t.Context(), func(Session) error {
		return db.Read(t.Context(), func(Session) error { return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(db.readers.idle); got != 2 {
		t.Errorf("after two at once: %d connections, want 2", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Read(t.Context(), func(Session) error { return nil }); !errors.Is(err, errClosed) {
		t.Errorf("after the end: got %v, want %v", err, errClosed)
	}
}
