package sqlstore_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/sqlstore/inspect"
	"caseline/internal/store/storetest"
)

func TestInspectLooksAndTouchesNothing(t *testing.T) {
	file := "sqlite:" + filepath.Join(t.TempDir(), "a #1.db")
	t.Run("sqlite", func(t *testing.T) { inspects(t, file, "sqlite", filepath.Join(filepath.Dir(file[7:]), "a #1.db")) })
	t.Run("postgres", func(t *testing.T) {
		url := storetest.PostgresURL(t)
		inspects(t, url, "pgx", url)
	})
}

func inspects(t *testing.T, url, driver, dsn string) {
	look := func() inspect.Condition {
		t.Helper()
		c, err := sqlstore.Inspect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	exec := func(statement string, args ...any) {
		t.Helper()
		db, err := sql.Open(driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	if c := look(); c.Step != 0 && driver == "sqlite" || c.Knows == 0 || c.ReadOnly {
		t.Errorf("of nothing: %+v", c)
	}
	if _, err := os.Stat(dsn); driver == "sqlite" && err == nil {
		t.Error("looking made the file")
	}
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx store.Tx) error { return fill(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
	want := []inspect.Channel{{Workspace: "T1", ID: "C1", Now: "C3", Name: "ops"}, {Workspace: "T1", ID: "C9", Now: "C9", Name: "help"}}
	running := look() // while a server has it open
	if diff := cmp.Diff(want, running.Channels); diff != "" || !running.Current || running.Operators != 1 || running.Step != running.Knows {
		t.Errorf("of this release: %+v\n%s", running, diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(running, look()); diff != "" {
		t.Errorf("closed, it looks otherwise:\n%s", diff)
	}
	last := running.Knows
	exec("INSERT INTO migrations (number, name, applied_at) VALUES ($1, 'of_later', 0)", last+1)
	if c := look(); c.Current || c.Step != last+1 || c.Channels != nil {
		t.Errorf("of a newer release: %+v", c)
	}
	exec("DELETE FROM migrations WHERE number >= $1", last)
	if c := look(); c.Current || c.Step != last-1 {
		t.Errorf("of an older release: %+v", c)
	}
	exec("INSERT INTO migrations (number, name, applied_at) VALUES ($1, 'of_others', 0)", last)
	if c := look(); c.Current || c.Foreign != "of_others" {
		t.Errorf("of another line of releases: %+v", c)
	}
}

func fill(ctx context.Context, tx store.Tx) error {
	if err := tx.SaveAccount(ctx, &served.Account{ID: "100000000001", Name: "Acme"}); err != nil {
		return err
	}
	for id, name := range map[desk.ChannelID]string{"C1": "ops", "C9": "help"} {
		if err := tx.SaveChannel(ctx, &served.ChannelConfig{Account: "100000000001", Workspace: "T1", Channel: id, Name: name}); err != nil {
			return err
		}
	}
	for i, change := range []desk.ChannelChange{{Before: "C1", After: "C2"}, {Before: "C2", After: "C3"}} {
		change.Workspace, change.At = "T1", time.UnixMicro(int64(i+1))
		if err := tx.SaveChannelChange(ctx, &change); err != nil {
			return err
		}
	}
	for _, a := range []desk.Agent{{ID: "1", Role: desk.RoleOperator}, {ID: "2", Role: desk.RoleOperator, Disabled: true}, {ID: "3", Role: desk.RoleAgent}} {
		a.Email = string(a.ID)
		if err := tx.SaveAgent(ctx, &a); err != nil {
			return err
		}
	}
	return nil
}
