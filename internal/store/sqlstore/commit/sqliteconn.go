package commit

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// A lite is one SQLite connection with its prepared statements. It is used by
// one goroutine at a time. It speaks to the driver without database/sql,
// whose bookkeeping for every call costs as much as the call.
type lite struct {
	conn  driver.Conn
	whole bool // statements are not given up half-way: a commit serves many callers
	wrote bool // since mark
	stmts map[string]liteStmt
	args  []driver.NamedValue
	row   liteRow
}

type liteStmt interface {
	driver.StmtExecContext
	driver.StmtQueryContext
	Close() error
}

func newLite(ctx context.Context, connector driver.Connector) (*lite, error) {
	conn, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &lite{conn: conn, stmts: make(map[string]liteStmt)}, nil
}

func (l *lite) close() error {
	var errs []error
	for _, s := range l.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, l.conn.Close())...)
}

func (l *lite) prepare(text string) (liteStmt, error) {
	if s, ok := l.stmts[text]; ok {
		return s, nil
	}
	prepared, err := l.conn.Prepare(text)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(liteStmt)
	if !ok {
		return nil, fmt.Errorf("the driver's statements lack contexts: %T", prepared)
	}
	l.stmts[text] = s
	return s, nil
}

// bind returns the arguments as the driver wants them; they are good until
// the next call.
func (l *lite) bind(args []any) []driver.NamedValue {
	l.args = l.args[:0]
	for i, a := range args {
		l.args = append(l.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return l.args
}

// bound is what bounds a statement begun under ctx.
func (l *lite) bound(ctx context.Context) context.Context {
	if l.whole {
		return context.Background()
	}
	return ctx
}

// exec runs a statement and returns how many rows it touched.
func (l *lite) exec(ctx context.Context, text string, args ...any) (int64, error) {
	s, err := l.prepare(text)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(l.bound(ctx), l.bind(args))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// script runs several statements without arguments.
func (l *lite) Script(ctx context.Context, text string) error {
	execer, ok := l.conn.(driver.ExecerContext)
	if !ok {
		return fmt.Errorf("the driver's connections run no scripts: %T", l.conn)
	}
	_, err := execer.ExecContext(ctx, text, nil)
	return err
}

func (l *lite) Query(ctx context.Context, what Op, text string, args []any, each func(Row) error) error {
	s, err := l.prepare(text)
	if err != nil {
		return what.Wrap(err)
	}
	rows, err := s.QueryContext(l.bound(ctx), l.bind(args))
	if err != nil {
		return what.Wrap(err)
	}
	err = l.scan(rows, each)
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	return what.Wrap(err)
}

func (l *lite) Change(ctx context.Context, what Op, text string, args []any, each func(Row) error) error {
	l.wrote = true
	return l.Query(ctx, what, text, args, each)
}

func (l *lite) scan(rows driver.Rows, each func(Row) error) error {
	n := len(rows.Columns())
	if cap(l.row.values) < n {
		l.row.values = make([]driver.Value, n)
	}
	l.row.values = l.row.values[:n]
	for {
		switch err := rows.Next(l.row.values); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := each(&l.row); err != nil {
			return err
		}
	}
}

func (l *lite) Write(ctx context.Context, what Op, text string, args []any, done func(int64) error) error {
	l.wrote = true
	n, err := l.exec(ctx, text, args...)
	if err != nil {
		return what.Wrap(err)
	}
	if done != nil {
		return what.Wrap(done(n))
	}
	return nil
}

func (l *lite) Insert(ctx context.Context, what Op, text string, args []any, done func(int64)) error {
	l.wrote = true
	s, err := l.prepare(text)
	if err != nil {
		return what.Wrap(err)
	}
	res, err := s.ExecContext(l.bound(ctx), l.bind(args))
	if err != nil {
		return what.Wrap(err)
	}
	if n, err := res.RowsAffected(); n == 0 || err != nil {
		return what.Wrap(err)
	}
	id, err := res.LastInsertId()
	done(id)
	return what.Wrap(err)
}

// flush has nothing to wait for.
func (l *lite) Flush(context.Context) error { return nil }

func (l *lite) Hold(string) (bool, error) { return false, nil }

func (l *lite) Try(string) bool { return true }

func (l *lite) begin(ctx context.Context) error {
	_, err := l.exec(ctx, "BEGIN IMMEDIATE")
	return err
}

func (l *lite) NoWait() bool { return false } // nobody else has locks

func (l *lite) patient(bool) {}

func (l *lite) mark() { l.wrote = false }

func (l *lite) drop() bool { return !l.wrote }

func (l *lite) save(ctx context.Context) error {
	_, err := l.exec(ctx, "SAVEPOINT one")
	return err
}

func (l *lite) release(ctx context.Context) error {
	_, err := l.exec(ctx, "RELEASE one")
	return err
}

func (l *lite) undo(ctx context.Context) error {
	if _, err := l.exec(ctx, "ROLLBACK TO one"); err != nil {
		return err
	}
	return l.release(ctx)
}

func (l *lite) commit(ctx context.Context) error {
	_, err := l.exec(ctx, "COMMIT")
	return err
}

func (l *lite) rollback(ctx context.Context) {
	_, _ = l.exec(ctx, "ROLLBACK") // an error means that SQLite did so by itself
}

// A liteRow is the row a query has come to.
type liteRow struct{ values []driver.Value }

// Scan copies the row's values.
func (r *liteRow) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("%d columns for %d places", len(r.values), len(dest))
	}
	for i, d := range dest {
		if err := scanValue(d, r.values[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func scanValue(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *string:
		if s, ok := v.(string); ok {
			*d = s
			return nil
		}
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case *bool:
		switch b := v.(type) {
		case int64:
			*d = b != 0
			return nil
		case bool:
			*d = b
			return nil
		}
	case *[]byte:
		switch b := v.(type) {
		case []byte:
			*d = b
			return nil
		case nil: // the driver's word for an empty blob
			*d = nil
			return nil
		}
	}
	return fmt.Errorf("%T does not take a %T", dest, v)
}
