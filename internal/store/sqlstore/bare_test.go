package sqlstore_test

import (
	"context"
	"database/sql/driver"
	"path/filepath"
	"testing"

	"caseline/internal/store/storetest"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"
)

// A bare is a SQLite connection with nothing around it.
type bare struct {
	tb   testing.TB
	conn driver.Conn
}

func newBare(tb testing.TB, path string) *bare {
	tb.Helper()
	connector, err := sqlite.NewConnector("file:" + path + "?_pragma=synchronous(full)&_pragma=wal_autocheckpoint(4000)")
	if err != nil {
		tb.Fatal(err)
	}
	conn, err := connector.Connect(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	return &bare{tb, conn}
}

// prepare returns a function that runs a statement.
func (b *bare) prepare(text string) func(args ...driver.Value) {
	b.tb.Helper()
	st, err := b.conn.Prepare(text)
	if err != nil {
		b.tb.Fatal(err)
	}
	return func(args ...driver.Value) {
		named := make([]driver.NamedValue, len(args))
		for i, a := range args {
			named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
		}
		if _, err := st.(driver.StmtExecContext).ExecContext(context.Background(), named); err != nil {
			b.tb.Fatal(err)
		}
	}
}

// The rows of BenchmarkRecordPath.
const (
	bareEvent = `INSERT INTO events (key, lane, received_at, state, attempts, not_before, reason, body)
	VALUES ($1, $2, $3, 'done', 1, 0, '', $4)`
	bareEntry = `INSERT INTO correspondence (case_id, seq, chat, kind, what, side, author, author_name, refers, file, via, at, recorded_at, origin, text)
	VALUES ($1, $2, $3, 'message', '', 'customer', $4, '', 0, '', '', $5, $5, $6, $7)`
	bareUpdate = `UPDATE cases SET last_seq = $2, revision = revision + 1, changed_at = $3 WHERE id = $1`
)

// BenchmarkBareRecordPath writes the rows of BenchmarkRecordPath with nothing
// around the statements: one goroutine, prepared statements, 64 messages a
// commit. It is the ceiling for the store on the same machine.
func BenchmarkBareRecordPath(b *testing.B) {
	path := filepath.Join(b.TempDir(), "caseline.db")
	cases := seed(b, "sqlite:"+path)
	db := newBare(b, path)
	begin, commit := db.prepare("BEGIN IMMEDIATE"), db.prepare("COMMIT")
	event, entry, update := db.prepare(bareEvent), db.prepare(bareEntry), db.prepare(bareUpdate)
	b.ResetTimer()
	for n := 1; n <= b.N; n++ {
		if n%64 == 1 {
			begin()
		}
		at := storetest.Start().UnixMicro() + int64(n)
		e, m := benchEvent(n, storetest.Start()), benchMessage(n, storetest.Start())
		id, seq := cases[n%benchCases], int64(100+n)
		event(e.Key, string(e.Lane), at, e.Body)
		entry(id, seq, "chat", string(m.Author), at, string(m.Origin), m.Text)
		update(id, seq, at)
		if n%64 == 0 || n == b.N {
			commit()
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
}

// seed makes the cases of the benchmarks and returns their ids.
func seed(tb testing.TB, url string) []string {
	tb.Helper()
	s := storetest.Open(tb, url)
	cases := make([]string, benchCases)
	for n := range cases {
		c := storetest.AddCase(tb, s, n)
		storetest.Chat(tb, s, c.ID)
		cases[n] = string(c.ID)
	}
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return cases
}

// BenchmarkBareRecordPathPostgres is the same on PostgreSQL: one connection,
// 64 messages a commit, in one round.
func BenchmarkBareRecordPathPostgres(b *testing.B) {
	ctx := b.Context()
	url := storetest.PostgresURL(b)
	cases := seed(b, url)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	b.ResetTimer()
	for n := 1; n <= b.N; {
		batch := new(pgx.Batch)
		batch.Queue("BEGIN")
		for range min(64, b.N-n+1) {
			at := storetest.Start().UnixMicro() + int64(n)
			e, m := benchEvent(n, storetest.Start()), benchMessage(n, storetest.Start())
			id, seq := cases[n%benchCases], int64(100+n)
			batch.Queue(bareEvent, e.Key, string(e.Lane), at, e.Body)
			batch.Queue(bareEntry, id, seq, "chat", string(m.Author), at, string(m.Origin), m.Text)
			batch.Queue(bareUpdate, id, seq, at)
			n++
		}
		batch.Queue("COMMIT")
		if err := conn.SendBatch(ctx, batch).Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
}
