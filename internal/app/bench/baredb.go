package bench

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"
)

func openBare(ctx context.Context, url string) (bareDB, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return openBareSQLite(ctx, path)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	return &barePostgres{conn}, nil
}

// A bareSQLite is one connection with the product's settings, used without
// database/sql, whose bookkeeping would cost as much as the statements.
type bareSQLite struct {
	path                             string
	conn                             driver.Conn
	begin, event, entry, update, end driver.StmtExecContext
}

const bareSettings = "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=journal_mode(wal)&_pragma=synchronous(full)" +
	"&_pragma=wal_autocheckpoint(4000)&_pragma=cache_size(-16000)"

func openBareSQLite(ctx context.Context, path string) (*bareSQLite, error) {
	connector, err := sqlite.NewConnector("file:" + path + bareSettings)
	if err != nil {
		return nil, err
	}
	b := &bareSQLite{path: path}
	if b.conn, err = connector.Connect(ctx); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		to   *driver.StmtExecContext
		text string
	}{{&b.begin, "BEGIN IMMEDIATE"}, {&b.event, bareEvent}, {&b.entry, bareEntry}, {&b.update, bareUpdate}, {&b.end, "COMMIT"}} {
		prepared, err := b.conn.Prepare(s.text)
		if err != nil {
			return nil, errors.Join(err, b.conn.Close())
		}
		*s.to = prepared.(driver.StmtExecContext) // as this driver's are
	}
	return b, nil
}

func (b *bareSQLite) close() { b.conn.Close() }

func (b *bareSQLite) cases(ctx context.Context) (map[string]*bareCase, error) {
	db, err := sql.Open("sqlite", "file:"+b.path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, bareCases)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cases := map[string]*bareCase{}
	for rows.Next() {
		if err := addBareCase(cases, rows.Scan); err != nil {
			return nil, err
		}
	}
	return cases, rows.Err()
}

func addBareCase(cases map[string]*bareCase, scan func(...any) error) error {
	var place string
	var c bareCase
	err := scan(&place, &c.id, &c.chat, &c.seq, &c.revision)
	cases[strings.TrimPrefix(place, benchTeam+"/")] = &c
	return err
}

func (b *bareSQLite) commit(ctx context.Context, batch []*bareRow, cases map[string]*bareCase) error {
	if err := run(ctx, b.begin, nil); err != nil {
		return err
	}
	for _, r := range batch {
		event, entry, update, err := r.arguments(cases)
		if err == nil {
			err = errors.Join(run(ctx, b.event, event), run(ctx, b.entry, entry), run(ctx, b.update, update))
		}
		if err != nil {
			return err // the transaction stays open and all after it fail: the bench ends
		}
	}
	return run(ctx, b.end, nil)
}

func run(ctx context.Context, s driver.StmtExecContext, args []any) error {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	_, err := s.ExecContext(ctx, named)
	return err
}

// A barePostgres is one connection, on which a batch is one round.
type barePostgres struct{ conn *pgx.Conn }

func (b *barePostgres) close() { b.conn.Close(context.Background()) }

func (b *barePostgres) cases(ctx context.Context) (map[string]*bareCase, error) {
	rows, err := b.conn.Query(ctx, bareCases)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cases := map[string]*bareCase{}
	for rows.Next() {
		if err := addBareCase(cases, rows.Scan); err != nil {
			return nil, err
		}
	}
	return cases, rows.Err()
}

func (b *barePostgres) commit(ctx context.Context, batch []*bareRow, cases map[string]*bareCase) error {
	var all pgx.Batch
	all.Queue("BEGIN")
	for _, r := range batch {
		event, entry, update, err := r.arguments(cases)
		if err != nil {
			return err
		}
		all.Queue(bareEvent, event...)
		all.Queue(bareEntry, entry...)
		all.Queue(bareUpdate, update...)
	}
	all.Queue("COMMIT")
	return b.conn.SendBatch(ctx, &all).Close()
}
