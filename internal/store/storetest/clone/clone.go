package clone

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"caseline/internal/store/sqlstore"

	"github.com/jackc/pgx/v5"
)

const (
	// templateLock is the key of the lock that lets one test make the template.
	templateLock = 7_264_010_002

	templates = "caseline_model_" // and the schema's version
	lent      = "caseline_test_"  // and the schema's version and a number
)

// lockOf is the advisory lock of a database that is lent: its name's hash.
const lockOf = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"

// Lend lends a migrated, empty database of the server until release is called,
// which never waits, or the process ends. The database stays on the server for
// the tests that come later.
func Lend(ctx context.Context, server string) (url string, release func(), err error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", nil, err
	}
	release = func() { _ = conn.Close(context.WithoutCancel(ctx)) } // and lets go of its locks
	name, err := take(ctx, conn, server)
	if err != nil {
		release()
		return "", nil, err
	}
	return at(server, name), release, nil
}

// take locks a database that nobody has and leaves it as the template is.
func take(ctx context.Context, conn *pgx.Conn, server string) (string, error) {
	version := sqlstore.SchemaVersion()
	if err := makeTemplate(ctx, conn, server, version); err != nil {
		return "", fmt.Errorf("make the template: %w", err)
	}
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s%s_%d", lent, version, n)
		var free, there bool
		if err := conn.QueryRow(ctx, lockOf, name).Scan(&free); err != nil {
			return "", err
		}
		if !free {
			continue
		}
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
			return "", err
		}
		if there {
			return name, clean(ctx, at(server, name))
		}
		_, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+templates+version)
		return name, err
	}
}

// keep copies what the migrations wrote to a schema beside the public one, from
// which empty writes it back.
const keep = `
CREATE SCHEMA kept;
DO $$ DECLARE t text; has bool; BEGIN
	FOR t IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
		EXECUTE 'SELECT EXISTS (SELECT FROM public.' || t || ')' INTO has;
		IF has THEN EXECUTE 'CREATE TABLE kept.' || t || ' AS TABLE public.' || t; END IF;
	END LOOP;
END $$`

// empty leaves a database as keep found it, without whoever is still connected
// to it.
const empty = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE t text; has bool; used text := ''; BEGIN
	FOR t IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
		EXECUTE 'SELECT EXISTS (SELECT FROM public.' || t || ')' INTO has;
		IF has THEN used := used || ', public.' || t; END IF;
	END LOOP;
	IF used <> '' THEN EXECUTE 'TRUNCATE ' || substr(used, 3) || ' RESTART IDENTITY CASCADE'; END IF;
	PERFORM setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, false)
		FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
	FOR t IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'kept' LOOP
		EXECUTE 'INSERT INTO public.' || t || ' OVERRIDING SYSTEM VALUE TABLE kept.' || t;
	END LOOP;
END $$`

func clean(ctx context.Context, url string) error { return run(ctx, url, empty) }

// run runs a script on the database.
func run(ctx context.Context, url, script string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.PgConn().Exec(ctx, script).ReadAll()
	return err
}

// makeTemplate makes the template of this schema unless it is there. A lock
// keeps other tests, which may be other processes, from doing that at the same
// time. It migrates under another name, so that a template is whole or not
// there, and drops what is of other schemas and in nobody's hands: that is of
// other days.
func makeTemplate(ctx context.Context, conn *pgx.Conn, server, version string) error {
	var there bool
	name := templates + version
	exists := func() error {
		return conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there)
	}
	if err := exists(); err != nil || there {
		return err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(templateLock)); err != nil {
		return err
	}
	defer func() { _, _ = conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", int64(templateLock)) }()
	if err := exists(); err != nil || there {
		return err
	}
	if err := dropOthers(ctx, conn, version); err != nil {
		return err
	}
	half := name + "_half"
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+half); err != nil {
		return err
	}
	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: at(server, half)})
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	if err := run(ctx, at(server, half), keep); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+half+" RENAME TO "+name)
	return err
}

func dropOthers(ctx context.Context, conn *pgx.Conn, version string) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1) OR starts_with(datname, $2)", templates, lent)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(name, lent+version+"_") {
			continue
		}
		var free bool
		if err := conn.QueryRow(ctx, lockOf, name).Scan(&free); err != nil {
			return err
		}
		if !free {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

// at names a database of the server.
func at(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // the connection will say what is wrong with it
	}
	u.Path = "/" + name
	return u.String()
}
