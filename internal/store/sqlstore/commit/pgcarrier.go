package commit

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A pgCarrier is the carrier of one transaction after the other, each on a
// connection of the pool. Statements whose effect nobody needs yet wait and
// are sent with the next that is needed: what counts on PostgreSQL is how
// often one waits for an answer.
//
// It takes no notice of the callers' contexts: giving up a statement would
// end the connection for everybody in the transaction.
type pgCarrier struct {
	pool *pgxpool.Pool
	conn *pgxpool.Conn // nil between transactions

	hurried bool // see NoWait

	waiting []pgStatement
	doubts  bool // one of those that wait may turn out to have failed when it is done
	since   int  // how many waited already at mark
	sent    bool // something written since mark is on its way
}

// A pgStatement is a statement whose effect nobody needs yet.
type pgStatement struct {
	what Op
	text string
	args []any
	done func(pgx.Rows) error
	of   *request // whose it is, where several run at the same time
}

func queryStatement(what Op, text string, args []any, each func(Row) error) pgStatement {
	return pgStatement{what: what, text: text, args: args, done: func(rows pgx.Rows) error {
		return pgScan(rows, each)
	}}
}

func insertStatement(what Op, text string, args []any, done func(int64)) pgStatement {
	return queryStatement(what, text, args, scanID(done))
}

func writeStatement(what Op, text string, args []any, done func(int64) error) pgStatement {
	st := pgStatement{what: what, text: text, args: args}
	if done != nil {
		st.done = func(rows pgx.Rows) error {
			rows.Close()
			if err := rows.Err(); err != nil {
				return err
			}
			return done(rows.CommandTag().RowsAffected())
		}
	}
	return st
}

func (p *pgCarrier) begin(ctx context.Context) error {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	p.conn = conn
	p.push("BEGIN", nil)
	return nil
}

// push adds a statement of the transaction itself to those that wait.
func (p *pgCarrier) push(text string, done func(pgx.Rows) error) {
	p.waiting = append(p.waiting, pgStatement{what: Op{Doing: text}, text: text, done: done})
}

func (p *pgCarrier) mark() {
	p.since, p.sent = len(p.waiting), false
}

func (p *pgCarrier) drop() bool {
	pg := p.conn.Conn().PgConn()
	if p.sent || pg.IsClosed() || pg.TxStatus() == 'E' {
		return false
	}
	clear(p.waiting[p.since:])
	p.waiting = p.waiting[:p.since]
	return true
}

func (p *pgCarrier) Write(_ context.Context, what Op, text string, args []any, done func(int64) error) error {
	p.doubts = p.doubts || done != nil
	p.waiting = append(p.waiting, writeStatement(what, text, args, done))
	return nil
}

func (p *pgCarrier) Insert(_ context.Context, what Op, text string, args []any, done func(int64)) error {
	p.waiting = append(p.waiting, insertStatement(what, text, args, done))
	return nil
}

func (p *pgCarrier) Query(_ context.Context, what Op, text string, args []any, each func(Row) error) error {
	last := queryStatement(what, text, args, each)
	return p.send(&last)
}

func (p *pgCarrier) Change(ctx context.Context, what Op, text string, args []any, each func(Row) error) error {
	p.waiting = append(p.waiting, queryStatement(what, text, args, each))
	return p.Flush(ctx)
}

func (p *pgCarrier) Hold(string) (bool, error) { return false, nil }

func (p *pgCarrier) NoWait() bool { return p.hurried }

func (p *pgCarrier) patient(may bool) { p.hurried = !may }

func (p *pgCarrier) Try(string) bool { return true }

func (p *pgCarrier) Flush(context.Context) error {
	if len(p.waiting) == 0 {
		return nil
	}
	return p.send(nil)
}

// send sends all that waits, and last, in one go and reads the answers.
func (p *pgCarrier) send(last *pgStatement) error {
	p.sent = p.sent || len(p.waiting) > p.since
	all := p.waiting
	if last != nil {
		all = append(all, *last)
	}
	batch := &pgx.Batch{QueuedQueries: make([]*pgx.QueuedQuery, 0, len(all))}
	for i := range all {
		batch.Queue(all[i].text, all[i].args...)
	}
	err := readAll(p.conn.SendBatch(context.Background(), batch), all)
	if err != nil && p.conn.Conn().IsClosed() {
		err = fmt.Errorf("%w: %w", errLost, err)
	}
	clear(all)
	p.waiting, p.since, p.doubts = all[:0], 0, false
	return err
}

// readAll reads the answers to a batch. The first error is the batch's: the
// database has skipped what came after.
func readAll(answers pgx.BatchResults, all []pgStatement) error {
	for i := range all {
		st := &all[i]
		rows, err := answers.Query()
		if err == nil && st.done != nil {
			err = st.done(rows)
		}
		if err == nil {
			rows.Close()
			err = rows.Err()
		}
		if err != nil {
			if st.of != nil {
				st.of.careful = true
			}
			_ = answers.Close() // the first error says it all
			return st.what.Wrap(err)
		}
	}
	return answers.Close()
}

func (p *pgCarrier) save(context.Context) error {
	p.mark()
	p.push("SAVEPOINT one", nil)
	return nil
}

func (p *pgCarrier) release(ctx context.Context) error {
	if err := p.settleDoubts(ctx); err != nil {
		return err
	}
	p.push("RELEASE SAVEPOINT one", nil)
	return p.Flush(ctx)
}

// settleDoubts waits for statements that may turn out to have failed, before
// something is sent that should not happen in that case.
func (p *pgCarrier) settleDoubts(ctx context.Context) error {
	if !p.doubts {
		return nil
	}
	return p.Flush(ctx)
}

func (p *pgCarrier) undo(ctx context.Context) error {
	if p.drop() { // not even the savepoint was sent
		return nil
	}
	clear(p.waiting)
	p.waiting = p.waiting[:0]
	_, err := p.conn.Conn().PgConn().Exec(ctx, "ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one").ReadAll()
	if err != nil && p.conn.Conn().IsClosed() {
		err = fmt.Errorf("%w: %w", errLost, err)
	}
	return err
}

func (p *pgCarrier) commit(ctx context.Context) error {
	if err := p.settleDoubts(ctx); err != nil {
		return fmt.Errorf("%w: %w", errSpoiled, err)
	}
	alone := len(p.waiting) == 0
	p.push("COMMIT", func(rows pgx.Rows) error {
		rows.Close()
		if tag := rows.CommandTag().String(); rows.Err() == nil && tag != "COMMIT" {
			return fmt.Errorf("%w: the database answered %s", errSpoiled, tag)
		}
		return rows.Err()
	})
	err := p.Flush(ctx)
	switch _, fromServer := errors.AsType[*pgconn.PgError](err); {
	case err == nil:
		p.leave()
		return nil
	case fromServer && !alone: // one of the updates' last writes failed
		return fmt.Errorf("%w: %w", errSpoiled, err)
	case errors.Is(err, errLost):
		// %v: it must not look as if running the updates again were safe.
		return fmt.Errorf("it is not known whether the database has it: %v", err)
	}
	return err
}

func (p *pgCarrier) rollback(ctx context.Context) {
	if p.conn == nil {
		return
	}
	clear(p.waiting)
	p.waiting, p.doubts = p.waiting[:0], false
	if pg := p.conn.Conn().PgConn(); !pg.IsClosed() && pg.TxStatus() != 'I' {
		// An error means that the connection broke, which the pool will see.
		_, _ = pg.Exec(ctx, "ROLLBACK").ReadAll()
	}
	p.leave()
}

func (p *pgCarrier) leave() {
	p.conn.Release()
	p.conn = nil
}
