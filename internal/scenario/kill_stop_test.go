package scenario

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // to ask PostgreSQL without a store

	"caseline/internal/store/storetest"
)

// TestStoppedInOrderAndStillComplete is TestKilledAndStillComplete with a
// server that is asked to stop, by SIGTERM, as an upgrade does it. It must end
// by itself and well, and leave nothing half done; the next start goes on.
func TestStoppedInOrderAndStillComplete(t *testing.T) {
	t.Parallel()
	n := 2
	if testing.Short() {
		n = 1
	}
	seeds(t, "sqlite", n, func(t *testing.T, seed uint64) {
		tell(t, plot{seed: 100 + seed, ends: 5, orderly: true})
	})
	seeds(t, "postgres", n, func(t *testing.T, seed uint64) {
		tell(t, plot{seed: 100 + seed, ends: 5, orderly: true, postgresURL: storetest.PostgresURL(t)})
	})
}

// stopOnce stops the server at a moment, in order, looks what it has left, and
// starts it again.
func (s *siege) stopOnce(ctx context.Context, m moment) error {
	if err := s.meter.wait(ctx, func() bool { return s.meter.total >= m.after && s.meter.safe() }); err != nil {
		return err
	}
	if err := pause(ctx, m.wait); err != nil {
		return err
	}
	defer s.holdSoon()()
	if err := s.server.stop(); err != nil {
		return err
	}
	s.meter.stopped()
	if err := s.nothingHalf(ctx); err != nil {
		return err
	}
	if err := pause(ctx, m.down); err != nil {
		return err
	}
	return s.starts(ctx)
}

// nothingHalf reports what a server that was stopped in order must not leave: a
// delivery that is still claimed, a file that is not whole, and, with SQLite, a
// log of writes that are not in the database yet.
func (s *siege) nothingHalf(ctx context.Context) error {
	driver, source := "pgx", s.database
	if path, ok := strings.CutPrefix(s.database, "sqlite:"); ok {
		driver, source = "sqlite", path
		if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
			s.Errorf("%d bytes of writes are left beside the database", log.Size())
		}
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer db.Close()
	var claimed int
	if err := db.QueryRowContext(ctx, "SELECT count(id) FROM deliveries WHERE claim <> ''").Scan(&claimed); err != nil {
		return err
	}
	if claimed > 0 {
		s.Errorf("%d deliveries are left claimed", claimed)
	}
	files, err := os.ReadDir(filepath.Join(s.dataDir, "files", "tmp"))
	if err != nil {
		return err
	}
	for _, f := range files {
		s.Errorf("the file %s is left half", f.Name())
	}
	return nil
}

// letClaimsEnd lets minutes pass for what a killed server had claimed on
// PostgreSQL, where other servers must believe that it lives: a file may take
// two minutes. What takes seconds still takes them.
func (s *siege) letClaimsEnd(ctx context.Context) error {
	if s.postgresURL == "" {
		return nil // nobody else can be there
	}
	db, err := sql.Open("pgx", s.postgresURL)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, `UPDATE deliveries SET claimed_until = least(claimed_until, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 3000000) WHERE claim <> ''`)
	return err
}
