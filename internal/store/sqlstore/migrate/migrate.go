package migrate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"caseline/internal/store/sqlstore/commit"
)

// A Step is one step forward. Its number is its place in the order of the
// file names, from 1.
type Step struct{ Name, Text string }

// Steps reads the steps, one a file. words are tokens in them, each followed by
// what stands for it in the dialect.
func Steps(files fs.FS, words ...string) ([]Step, error) {
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return nil, err
	}
	spoken := strings.NewReplacer(words...)
	steps := make([]Step, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		name = strings.TrimSuffix(path.Base(name), ".sql")
		if !strings.HasPrefix(name, fmt.Sprintf("%04d_", i+1)) {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		steps[i] = Step{Name: name, Text: spoken.Replace(string(text))}
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

// Run brings a database to the newest step, each in a transaction of its own.
// The caller holds the lock that keeps others from doing the same.
func Run(ctx context.Context, m commit.Preparer, steps []Step, now func() time.Time) error {
	if err := m.Script(ctx, createMigrations); err != nil {
		return err
	}
	last := int64(0)
	err := m.Query(ctx, commit.Op{Doing: "read", ID: "migrations"}, lastMigration, nil, func(r commit.Row) error { return r.Scan(&last) })
	if err != nil {
		return err
	}
	if last > int64(len(steps)) {
		return fmt.Errorf("the database was last used by a newer release: it is at step %d and this release knows %d; run the newer release, or restore a backup from before it", last, len(steps))
	}
	for i, step := range steps[last:] {
		if err := take(ctx, m, last+int64(i)+1, step, now); err != nil {
			return fmt.Errorf("migration %s: %w", step.Name, err)
		}
	}
	return nil
}

func take(ctx context.Context, m commit.Preparer, number int64, step Step, now func() time.Time) error {
	if err := m.Script(ctx, "BEGIN"); err != nil {
		return err
	}
	err := m.Script(ctx, step.Text)
	if err == nil {
		err = m.Write(ctx, commit.Op{Doing: "note", ID: step.Name}, noteMigration, []any{number, step.Name, now().UnixMicro()}, nil)
	}
	if err == nil {
		err = m.Script(ctx, "COMMIT")
	}
	if err != nil {
		_ = m.Script(ctx, "ROLLBACK") // the step's error is what matters
	}
	return err
}

// Version names what steps make: it differs when any of them does.
func Version(steps []Step) string {
	sum := sha256.New()
	for _, step := range steps {
		sum.Write([]byte(step.Text))
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}
