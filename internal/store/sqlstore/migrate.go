package sqlstore

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"caseline/internal/store/sqlstore/commit"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A migration is one step forward. Its number is its place in the order of
// the file names, from 1.
type migration struct {
	name string
	text string
}

// migrations returns all steps in the dialect's words.
func migrations(d dialect) ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	words := strings.NewReplacer("{{number}}", d.number, "{{bytes}}", d.bytes, "{{keyed}}", d.keyed)
	steps := make([]migration, len(names))
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		name = strings.TrimSuffix(path.Base(name), ".sql")
		if !strings.HasPrefix(name, fmt.Sprintf("%04d_", i+1)) {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		steps[i] = migration{name: name, text: words.Replace(string(text))}
	}
	return steps, nil
}

const (
	createMigrations = `CREATE TABLE IF NOT EXISTS migrations (
    number     BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    applied_at BIGINT NOT NULL
)`
	lastMigration = `SELECT coalesce(max(number), 0) FROM migrations`
	noteMigration = `INSERT INTO migrations (number, name, applied_at) VALUES ($1, $2, $3)`
)

// migrate brings the database to the newest step, each in a transaction of
// its own. The caller holds the lock that keeps others from doing the same.
func (s *Store) migrate(ctx context.Context, m commit.Preparer) error {
	steps, err := migrations(s.dialect)
	if err != nil {
		return err
	}
	if err := m.Script(ctx, createMigrations); err != nil {
		return err
	}
	last := int64(0)
	err = m.Query(ctx, commit.Op{Doing: "read", ID: "migrations"}, lastMigration, nil, func(r commit.Row) error { return r.Scan(&last) })
	if err != nil {
		return err
	}
	if last > int64(len(steps)) {
		return fmt.Errorf("the database was last used by a newer release: it is at step %d and this release knows %d; run the newer release, or restore a backup from before it", last, len(steps))
	}
	for i, step := range steps[last:] {
		if err := s.migrateStep(ctx, m, last+int64(i)+1, step); err != nil {
			return fmt.Errorf("migration %s: %w", step.name, err)
		}
	}
	return nil
}

func (s *Store) migrateStep(ctx context.Context, m commit.Preparer, number int64, step migration) error {
	if err := m.Script(ctx, "BEGIN"); err != nil {
		return err
	}
	err := m.Script(ctx, step.text)
	if err == nil {
		err = m.Write(ctx, commit.Op{Doing: "note", ID: step.name}, noteMigration, []any{number, step.name, s.now().UnixMicro()}, nil)
	}
	if err == nil {
		err = m.Script(ctx, "COMMIT")
	}
	if err != nil {
		_ = m.Script(ctx, "ROLLBACK") // the step's error is what matters
	}
	return err
}

// SchemaVersion names the schema that this release makes: it differs when any
// step does.
func SchemaVersion() string {
	sum := sha256.New()
	for _, d := range []dialect{sqliteDialect(), postgresDialect()} {
		steps, err := migrations(d)
		if err != nil {
			panic(err) // the files are part of the program
		}
		for _, step := range steps {
			sum.Write([]byte(step.text))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}
