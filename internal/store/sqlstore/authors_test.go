package sqlstore

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/migrate"
)

// wrote adds a case of alice's to which bob wrote as well.
func wrote(t *testing.T, s *Store, n uint64, origin desk.Origin) desk.CaseID {
	t.Helper()
	ctx, now := t.Context(), time.Unix(1_800_000_000, 0).UTC()
	c, first, err := desk.OpenCase(desk.NewCase{
		ID: desk.NewCaseID("1", 2026, n), Number: desk.NewCaseNumber(n), Account: "1", Workspace: "T1", Requester: "T1/alice",
		Subject: "Printer", Description: "It jams.", Severity: desk.SeverityLow, Origin: origin,
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(ctx, func(tx store.Tx) error {
		if err := tx.InsertCase(ctx, &c); err != nil {
			return err
		}
		said := desk.Correspondence{Case: c.ID, Seq: 2, Kind: desk.KindMessage, Author: desk.ByCustomer("T1/bob"), Text: "toner", Origin: origin + "x"}
		_, err := tx.AppendOnce(ctx, &said)
		if err == nil {
			err = tx.AppendLog(ctx, &first)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// Who wrote in a release that had an index for it is known after the upgrade.
func TestAuthorsAreCarriedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	s := openFile(t, path)
	id := wrote(t, s, 1, "a")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	steps, err := migrations(dialect.SQLite())
	if err != nil {
		t.Fatal(err)
	}
	step := steps[slices.IndexFunc(steps, func(s migrate.Step) bool { return strings.HasSuffix(s.Name, "_authors") })]
	old, err := commit.OpenSQLite(t.Context(), path, commit.Options{Now: time.Now, Prepare: func(ctx context.Context, p commit.Preparer) error {
		return p.Script(ctx, "DROP TABLE authors; CREATE INDEX correspondence_author ON correspondence (author, case_id) WHERE side = 'customer';"+step.Text)
	}})
	if err != nil {
		t.Fatal(err)
	}
	old.Finish()
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	found(t, openFile(t, path), id)
}

// Whoever writes to a case is noted once, whatever was noted of them before, and
// what is undone is not taken for noted.
func TestAuthorsAreNotedForEachCase(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "c.db"))
	id := wrote(t, s, 1, "a")
	late := desk.Correspondence{Case: id, Seq: 3, Kind: desk.KindMessage, Author: desk.ByCustomer("T1/chloe"), Text: "me too", Origin: "c"}
	add := func(end error) {
		t.Helper()
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if err := tx.AppendLog(t.Context(), &late); err != nil {
				return err
			}
			return end
		})
		if err != end {
			t.Fatal(err)
		}
	}
	add(desk.ErrConflict)
	chloe := func(want int) {
		t.Helper()
		if got, err := s.CasesOf(t.Context(), "T1/chloe", 9); len(got) != want || err != nil {
			t.Errorf("got %v, %v, want %d cases", got, err, want)
		}
	}
	chloe(0)
	add(nil)
	chloe(1)
	found(t, s, id, wrote(t, s, 2, "b"))
}

// found asserts that these are bob's cases, in any order.
func found(t *testing.T, s *Store, want ...desk.CaseID) {
	t.Helper()
	got, err := s.CasesOf(t.Context(), "T1/bob", 9)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("cases of bob: %v (-want +got):\n%s", err, diff)
	}
}
