package bench

import (
	"caseline/internal/casework/reckoning"
	"caseline/internal/store/sqlstore"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A grown database holds as many messages as years of use leave behind, put
// there by a few large statements. Its cases have ended, but for some that run
// and some that wait.
type grown struct {
	url   string
	cases int // so far
	each  int // messages in each of them
}

// Of the first cases of a grown database these run and those after them wait;
// the next are looked at, and two have as many messages whatever the others have.
const (
	grownRunning = 50
	grownWaiting = 30
	grownPlain   = grownRunning + grownWaiting // this case has plainLog messages
	grownLong    = grownPlain + 1              // this one has longLog
	grownOthers  = grownLong + 1

	plainLog = 200
	longLog  = 10_000
)

// Both databases take these texts. Cases are named by a range of numbers.
const (
	grow = `WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < CAST($3 AS BIGINT))
	INSERT INTO correspondence
	(case_id, seq, chat, kind, what, side, author, author_name, refers, file, via, at, recorded_at, origin, text)
	SELECT c.id, c.last_seq + n.i, c.chat, 'message', '', 'customer', c.requester, '', 0, '', '', c.last_at + n.i * 1000000,
	c.last_at + n.i * 1000000, 'grown:' || c.number || ':' || (c.last_seq + n.i),
	'the build is stuck again, step ' || n.i || ' of it, see the log'
	FROM cases c CROSS JOIN n WHERE c.number >= $1 AND c.number < $2`

	growCases = `UPDATE cases SET last_seq = last_seq + CAST($3 AS BIGINT), chat_messages = chat_messages + CAST($3 AS BIGINT),
	last_at = last_at + CAST($3 AS BIGINT) * 1000000, revision = revision + CAST($3 AS BIGINT) WHERE number >= $1 AND number < $2`

	endCases = `UPDATE cases SET chat_state = 'ended', chat_ended_at = chat_joined_at, status = 'resolved', place = ''
	WHERE number >= $1 AND number < $2`

	waitCases = `UPDATE cases SET chat_state = 'requested', chat_joined_at = 0, chat_agent = '', chat_agent_name = ''
	WHERE number >= $1 AND number < $2`
)

// growTo adds cases, and messages to those that are there, until so many cases
// have so many messages each.
func (g *grown) growTo(ctx context.Context, cases, each int) (err error) {
	first := g.cases == 0
	if err := seedFrom(ctx, g.url, g.cases, cases); err != nil {
		return err
	}
	db, err := openBulk(ctx, g.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	add := func(from, to, n int) error {
		const bite = 1000 // cases to a transaction
		for ; from < to && n > 0; from += bite {
			if err := db.change(ctx, from, min(to, from+bite), n, grow, growCases); err != nil {
				return err
			}
		}
		return nil
	}
	if first {
		err = errors.Join(
			db.change(ctx, grownRunning, grownPlain, 0, waitCases), db.change(ctx, grownOthers, cases, 0, endCases),
			add(grownPlain, grownLong, plainLog), add(grownLong, grownOthers, longLog))
	} else {
		err = db.change(ctx, g.cases, cases, 0, endCases)
	}
	if err == nil {
		err = errors.Join(add(grownOthers, max(g.cases, grownOthers), each-g.each), add(max(g.cases, grownOthers), cases, each), db.settle(ctx))
	}
	g.cases, g.each = cases, each
	return err
}

// catchUp has what was put there past the product in the index of words and in the facts
// of reports, which the server would otherwise see to while it is measured, on one of the
// two cores.
func (g *grown) catchUp(ctx context.Context) (err error) {
	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: g.url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for more := true; more; {
		if more, err = s.FillIndex(ctx); err != nil {
			return err
		}
	}
	return reckoning.New(s, reckoning.Options{}).Catch(ctx)
}

// A bulk changes many rows at once, past the product.
type bulk interface {
	exec(ctx context.Context, text string, args ...any) error
	close() error
}

type bulkDB struct{ bulk }

// change runs statements about the cases from a number on to another. Those
// with a third parameter get n.
func (b bulkDB) change(ctx context.Context, from, to, n int, texts ...string) error {
	for _, text := range append(append([]string{"BEGIN"}, texts...), "COMMIT") {
		var args []any
		if strings.Contains(text, "$2") {
			args = []any{string(numberOf(from)), string(numberOf(to))}
		}
		if strings.Contains(text, "$3") {
			args = append(args, int64(n))
		}
		if err := b.exec(ctx, text, args...); err != nil {
			return fmt.Errorf("grow: %w", err)
		}
	}
	return nil
}

// settle has the database look at what it holds, as it would in time.
func (b bulkDB) settle(ctx context.Context) error {
	if _, ok := b.bulk.(bulkPostgres); ok {
		return b.exec(ctx, "ANALYZE")
	}
	return b.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

func openBulk(ctx context.Context, url string) (bulkDB, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=cache_size(-200000)")
		if err != nil {
			return bulkDB{}, err
		}
		db.SetMaxOpenConns(1)
		return bulkDB{bulkSQLite{db}}, nil
	}
	conn, err := pgx.Connect(ctx, url)
	return bulkDB{bulkPostgres{conn}}, err
}

type bulkSQLite struct{ db *sql.DB }

func (b bulkSQLite) exec(ctx context.Context, text string, args ...any) error {
	_, err := b.db.ExecContext(ctx, text, args...)
	return err
}

func (b bulkSQLite) close() error { return b.db.Close() }

type bulkPostgres struct{ conn *pgx.Conn }

func (b bulkPostgres) exec(ctx context.Context, text string, args ...any) error {
	_, err := b.conn.Exec(ctx, text, args...)
	return err
}

func (b bulkPostgres) close() error { return b.conn.Close(context.Background()) }
