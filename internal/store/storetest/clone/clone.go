package clone

import (
	"context"
	"net/url"

	"caseline/internal/store/sqlstore"

	"github.com/jackc/pgx/v5"
)

// templateLock is the key of the lock that lets one test make the template.
const templateLock = 7_264_010_002

// URL names a database of the server.
func URL(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // the connection will say what is wrong with it
	}
	u.Path = "/" + name
	return u.String()
}

// Drop drops a database of the server, whoever is connected to it.
func Drop(ctx context.Context, server, name string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
	return err
}

// Make makes a database from the template, and the template before if there
// is none of this schema. A lock keeps other tests, which may be other
// processes, from doing that at the same time.
func Make(ctx context.Context, server, name string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // and lets go of the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(templateLock)); err != nil {
		return err
	}
	template := "caseline_template_" + sqlstore.SchemaVersion()
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", template).Scan(&there); err != nil {
		return err
	}
	if !there {
		if err := makeTemplate(ctx, conn, server, template); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
	return err
}

// makeTemplate migrates under another name, so that a template is whole or
// not there. Templates of other schemas go: they are of other days.
func makeTemplate(ctx context.Context, conn *pgx.Conn, server, template string) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE datname LIKE 'caseline\\_template\\_%'")
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	half := template + "_half"
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+half); err != nil {
		return err
	}
	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: URL(server, half)})
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+half+" RENAME TO "+template)
	return err
}
