package storetest

import (
	"path/filepath"
	"testing"
	"time"

	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
)

// Open opens the database that url names until the test ends.
func Open(t testing.TB, url string) *sqlstore.Store {
	t.Helper()
	return OpenAt(t, url, nil)
}

// OpenAt is Open with a clock: that of the migrations and, on SQLite, of
// claims.
func OpenAt(t testing.TB, url string, now func() time.Time) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: url, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// SQLite returns an empty store in memory.
func SQLite(t testing.TB) store.Store {
	t.Helper()
	return Open(t, "sqlite::memory:")
}

// SQLiteURL names a database file that does not exist yet, for a test that
// opens it itself, once or again and again.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "caseline.db")
}

// Postgres returns an empty store on a database of its own, or skips the
// test.
func Postgres(t testing.TB) store.Store {
	t.Helper()
	return Open(t, PostgresURL(t))
}

// Each runs a test on SQLite in memory and on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, s store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// EachURL is Each for a test that opens the database itself.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLiteURL(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, PostgresURL(t)) })
}
