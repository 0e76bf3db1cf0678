package commit

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A pgReader is a session that reads on a pool's connection, one statement
// after the other.
type pgReader struct{ conn *pgxpool.Conn }

func (p pgReader) Query(ctx context.Context, what Op, text string, args []any, each func(Row) error) error {
	if what.Anew {
		args = append([]any{pgx.QueryExecModeExec}, args...)
	}
	rows, err := p.conn.Query(ctx, text, args...)
	if err != nil {
		return what.Wrap(err)
	}
	return what.Wrap(pgScan(rows, each))
}

func (p pgReader) Change(ctx context.Context, what Op, text string, args []any, each func(Row) error) error {
	return p.Query(ctx, what, text, args, each)
}

func pgScan(rows pgx.Rows, each func(Row) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p pgReader) Write(ctx context.Context, what Op, text string, args []any, done func(int64) error) error {
	tag, err := p.conn.Exec(ctx, text, args...)
	if err == nil && done != nil {
		err = done(tag.RowsAffected())
	}
	return what.Wrap(err)
}

func (p pgReader) Insert(ctx context.Context, what Op, text string, args []any, done func(int64)) error {
	return p.Query(ctx, what, text, args, scanID(done))
}

func (p pgReader) Flush(context.Context) error { return nil }

func (p pgReader) Hold(string) (bool, error) { return false, nil }

func (p pgReader) NoWait() bool { return false }

func (p pgReader) Try(string) bool { return true }

// script runs several statements without arguments.
func (p pgReader) Script(ctx context.Context, text string) error {
	_, err := p.conn.Conn().PgConn().Exec(ctx, text).ReadAll()
	return err
}

func scanID(done func(int64)) func(Row) error {
	return func(r Row) error {
		var id int64
		err := r.Scan(&id)
		done(id)
		return err
	}
}
