package traces

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the driver
)

// Find returns where in the database that url names the words are. They must
// not need any escape in JSON.
func Find(t testing.TB, url, words string) []string {
	t.Helper()
	find := inPostgres
	if strings.HasPrefix(url, "sqlite:") {
		find = inFiles
	}
	places, err := find(t.Context(), url, words)
	if err != nil {
		t.Fatal(err)
	}
	return places
}

// inFiles looks at the bytes of the write-ahead log and of the file, in this order: a
// checkpoint copies from the one to the other and then empties it.
func inFiles(_ context.Context, url, words string) (places []string, err error) {
	path := strings.TrimPrefix(url, "sqlite:")
	for _, name := range []string{path + "-wal", path, path + "-journal"} {
		content, err := os.ReadFile(name)
		if os.IsNotExist(err) && name != path {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n := bytes.Count(content, []byte(words)); n > 0 {
			places = append(places, fmt.Sprintf("%s: %d times", name[len(path)-len("caseline.db"):], n))
		}
	}
	return places, nil
}

// Rows is Find for a test that has failed: in a file of SQLite it says which
// columns of which tables have the words. Those in none are what was left behind.
func Rows(t testing.TB, url, words string) []string {
	t.Helper()
	find := inPostgres
	if strings.HasPrefix(url, "sqlite:") {
		find = inRows
	}
	places, err := find(context.WithoutCancel(t.Context()), url, words)
	if err != nil {
		t.Log(err)
	}
	return places
}

func inRows(ctx context.Context, url, words string) (places []string, err error) {
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(url, "sqlite:")+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	defer db.Close() // it only read
	columns, err := texts(ctx, db, `SELECT 'SELECT count(*) FROM "' || m.name || '" WHERE instr(CAST("' || c.name || '" AS BLOB), CAST($1 AS BLOB)) > 0'
		FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name, c.cid`)
	if err != nil {
		return nil, err
	}
	for _, text := range columns {
		var n int
		if err := db.QueryRowContext(ctx, text, words).Scan(&n); err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		if n > 0 {
			places = append(places, fmt.Sprintf("%s: %d rows", text, n))
		}
	}
	return places, nil
}

// texts are what a query of one column finds.
func texts(ctx context.Context, db *sql.DB, query string) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// inPostgres looks at all rows of all tables as text, where bytes are in hex.
func inPostgres(ctx context.Context, url, words string) (places []string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // it only read
	rows, err := conn.Query(ctx, "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")
	if err != nil {
		return nil, err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		var n int
		text := "SELECT count(*) FROM " + table + " AS r WHERE strpos(r::text, $1) > 0 OR strpos(r::text, $2) > 0"
		if err := conn.QueryRow(ctx, text, words, hex.EncodeToString([]byte(words))).Scan(&n); err != nil {
			return nil, err
		}
		if n > 0 {
			places = append(places, fmt.Sprintf("%s: %d rows", table, n))
		}
	}
	return places, nil
}
