package sqlstore

import (
	"context"
	"embed"
	"io/fs"
	"strings"

	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/inspect"
	"caseline/internal/store/sqlstore/migrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations returns all steps in the dialect's words.
func migrations(d dialect.Dialect) ([]migrate.Step, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	return migrate.Steps(files, "{{number}}", d.Number, "{{bytes}}", d.Bytes, "{{keyed}}", d.Keyed, "{{word_index}}", d.WordIndex)
}

// migrate brings the database to the newest step. The caller holds the lock
// that keeps others from doing the same.
func (s *Store) migrate(ctx context.Context, m commit.Preparer) error {
	steps, err := migrations(s.dialect)
	if err != nil {
		return err
	}
	return migrate.Run(ctx, m, steps, s.now)
}

// SchemaVersion names the schema that this release makes: it differs when any
// step does.
func SchemaVersion() string {
	var all []migrate.Step
	for _, d := range []dialect.Dialect{dialect.SQLite(), dialect.Postgres()} {
		steps, err := migrations(d)
		if err != nil {
			panic(err) // the files are part of the program
		}
		all = append(all, steps...)
	}
	return migrate.Version(all)
}

// Inspect says what the database at url, as for Open, is found to be. It changes
// nothing in it, and makes none.
func Inspect(ctx context.Context, url string) (inspect.Condition, error) {
	d := dialect.Postgres()
	if strings.HasPrefix(url, "sqlite:") {
		d = dialect.SQLite()
	}
	steps, err := migrations(d)
	if err != nil {
		return inspect.Condition{}, err
	}
	return inspect.Look(ctx, url, steps)
}
