package sqlstore

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
)

var updateSchema = flag.Bool("update", false, "write schema.sql anew")

// A raw is an update past the contract.
type raw func(commit.Session) error

func (r raw) Apply(s commit.Session) error { return r(s) }

func openFile(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestSchemaIsDumped(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "c.db"))
	var dump strings.Builder
	dump.WriteString("-- The schema as all migrations make it on SQLite, for reading.\n-- Written by: go test ./internal/store/sqlstore -run Schema -update\n")
	err := s.db.Read(t.Context(), func(q commit.Session) error {
		return q.Query(t.Context(), commit.Op{Doing: "dump"}, `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL
		ORDER BY tbl_name, type DESC, name`, nil, func(r commit.Row) error {
			var text string
			err := r.Scan(&text)
			fmt.Fprintf(&dump, "\n%s;\n", text)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if *updateSchema {
		if err := os.WriteFile("schema.sql", []byte(dump.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil || string(want) != dump.String() {
		t.Errorf("schema.sql is not what the migrations make (%v); write it anew with -update", err)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	s := openFile(t, path)
	_, err := Open(t.Context(), Options{URL: "sqlite:" + path})
	if err == nil || !strings.Contains(err.Error(), "another process is using") {
		t.Errorf("second: got %v, want it refused", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openFile(t, path)
}

func TestMemoriesAreApart(t *testing.T) {
	open := func() *Store {
		s, err := Open(t.Context(), Options{URL: "sqlite::memory:"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	a, b := open(), open()
	err := a.Update(t.Context(), func(tx store.Tx) error {
		return tx.SaveAccount(t.Context(), &served.Account{ID: "1"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Account(t.Context(), "1"); err != nil {
		t.Errorf("in a: %v", err)
	}
	if _, err := b.Account(t.Context(), "1"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("in b: got %v, want %v", err, desk.ErrNotFound)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	s := openFile(t, path)
	later := raw(func(q commit.Session) error {
		text := "INSERT INTO migrations (number, name, applied_at) VALUES ($1, $2, $3)"
		return q.Write(t.Context(), commit.Op{Doing: "note"}, text, []any{int64(999), "0999_later", int64(1)}, nil)
	})
	if err := s.db.Update(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{URL: "sqlite:" + path})
	if err == nil || !strings.Contains(err.Error(), "newer release") {
		t.Errorf("got %v, want it to name a newer release", err)
	}
}

func TestBadURLsAreExplained(t *testing.T) {
	for _, url := range []string{"", "sqlite:", "caseline.db", "mysql://x", "sqlite:" + filepath.Join(t.TempDir(), "no", "such", "folder", "c.db")} {
		if s, err := Open(t.Context(), Options{URL: url}); err == nil {
			_ = s.Close()
			t.Errorf("%q was opened", url)
		}
	}
}

func TestClaimsOfADeadProcessAreInterrupted(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "odd name?#%.db")
	s := openFile(t, path)
	d := desk.Delivery{Lane: "lane", State: desk.DeliveryPending}
	err := s.Update(ctx, func(tx store.Tx) error {
		if err := tx.Enqueue(ctx, &d); err != nil {
			return err
		}
		return tx.Claim(ctx, d.ID, "dead", time.Hour, time.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file has another name: %v", err)
	}
	s = openFile(t, path)
	err = s.Update(ctx, func(tx store.Tx) error {
		got, interrupted, err := tx.Head(ctx, "lane")
		if err == nil && (!interrupted || got.ID != d.ID) {
			t.Errorf("head: got %d, interrupted %v, want %d interrupted", got.ID, interrupted, d.ID)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestClaimsAreJudgedByTheClockGiven(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := Open(ctx, Options{URL: "sqlite::memory:", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := desk.Delivery{Lane: "lane", State: desk.DeliveryPending}
	head := func() (interrupted bool, err error) {
		err = s.Update(ctx, func(tx store.Tx) (err error) {
			_, interrupted, err = tx.Head(ctx, "lane")
			return err
		})
		return interrupted, err
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		if err := tx.Enqueue(ctx, &d); err != nil {
			return err
		}
		return tx.Claim(ctx, d.ID, "me", time.Minute, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(59 * time.Second)
	if _, err := head(); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("before the end: got %v, want %v", err, desk.ErrNotFound)
	}
	now = now.Add(time.Second)
	if interrupted, err := head(); !interrupted || err != nil {
		t.Errorf("at the end: got interrupted %v, %v, want true", interrupted, err)
	}
}

// TestFileChangedByHandIsSeen lets an operator's tool change a case that the
// writer remembers.
func TestFileChangedByHandIsSeen(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "c.db")
	s := openFile(t, path)
	c := desk.Case{ID: "c1", Number: "1", Subject: "before", Place: "p"}
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.InsertCase(ctx, &c) }); err != nil {
		t.Fatal(err)
	}
	tool, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer tool.Close()
	if _, err := tool.ExecContext(ctx, "UPDATE cases SET subject = 'after'"); err != nil {
		t.Fatal(err)
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		got, err := tx.LockCaseAt(ctx, "p")
		if got.Subject != "after" {
			t.Errorf("subject: got %q, want what the tool wrote", got.Subject)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
