package inspect

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"caseline/internal/store/sqlstore/migrate"
)

// A Condition is what a database was found to be.
type Condition struct {
	Step     int    // the newest step that it has taken; 0 when nothing of ours is in it
	Knows    int    // the newest step that this release knows
	Foreign  string // a step of it that this release has another one for, or ""
	ReadOnly bool   // the server that keeps it takes no writes, as a standby does not

	// What follows is read only from a database of this release.
	Current   bool
	Operators int       // agents who are operators and may sign in
	Channels  []Channel // that are configured

	Installations []Installation // of the app, by OAuth
}

// An Installation is the app as Slack gave it out, in a workspace or an
// organisation. Its token is sealed, and refreshed if Rotates.
type Installation struct {
	ID, Name, Token string
	Rotates         bool
}

// A Channel is a configured channel.
type Channel struct {
	Workspace string
	ID        string // by which we know it
	Now       string // what Slack calls it
	Name      string
}

const (
	selectSteps     = `SELECT number, name FROM migrations ORDER BY number`
	selectOperators = `SELECT count(*) FROM agents WHERE role = 'operator' AND NOT disabled`
	selectChannels  = `SELECT DISTINCT workspace, channel, name FROM channel_configs ORDER BY workspace, channel, name`
	selectRenamed   = `SELECT workspace, before, after FROM channel_ids ORDER BY at`
	selectInstalled = `SELECT id, name, token, refresh <> '' FROM installations WHERE gone = '' ORDER BY id`

	ourTableSQLite   = `SELECT count(*) FROM sqlite_schema WHERE name = 'migrations'`
	ourTablePostgres = `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migrations'`
	readOnlyPostgres = `SELECT CASE WHEN pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' THEN 1 ELSE 0 END`
)

// Look reads what a database is. url is as for sqlstore.Open; a file that does
// not exist is not made.
func Look(ctx context.Context, url string, steps []migrate.Step) (c Condition, err error) {
	c.Knows = len(steps)
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if isFile {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return c, nil
		} else if err != nil {
			return c, err
		}
	}
	db, err := open(url, path, isFile)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ours := ourTableSQLite
	if !isFile {
		ours = ourTablePostgres
		if err := db.QueryRowContext(ctx, readOnlyPostgres).Scan(&c.ReadOnly); err != nil {
			return c, err
		}
	}
	var is int
	if err := db.QueryRowContext(ctx, ours).Scan(&is); err != nil || is == 0 {
		return c, err
	}
	if err := c.readSteps(ctx, db, steps); err != nil {
		return c, err
	}
	if c.Current = c.Step == c.Knows && c.Foreign == ""; !c.Current {
		return c, nil
	}
	return c, c.readOurs(ctx, db)
}

func open(address, path string, isFile bool) (*sql.DB, error) {
	if !isFile {
		return sql.Open("pgx", address)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(abs)}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)")
}

func (c *Condition) readSteps(ctx context.Context, db *sql.DB, steps []migrate.Step) error {
	return each(ctx, db, selectSteps, func(rows *sql.Rows) error {
		var number int
		var name string
		if err := rows.Scan(&number, &name); err != nil {
			return err
		}
		c.Step = number
		if number >= 1 && number <= len(steps) && steps[number-1].Name != name && c.Foreign == "" {
			c.Foreign = name
		}
		return nil
	})
}

func (c *Condition) readOurs(ctx context.Context, db *sql.DB) error {
	if err := db.QueryRowContext(ctx, selectOperators).Scan(&c.Operators); err != nil {
		return fmt.Errorf("count the operators: %w", err)
	}
	err := each(ctx, db, selectChannels, func(rows *sql.Rows) error {
		var ch Channel
		err := rows.Scan(&ch.Workspace, &ch.ID, &ch.Name)
		if ch.Now = ch.ID; !slices.ContainsFunc(c.Channels, func(o Channel) bool { return o.Workspace == ch.Workspace && o.ID == ch.ID }) {
			c.Channels = append(c.Channels, ch)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the configured channels: %w", err)
	}
	err = each(ctx, db, selectRenamed, func(rows *sql.Rows) error {
		var workspace, before, after string
		err := rows.Scan(&workspace, &before, &after)
		for i := range c.Channels {
			if c.Channels[i].Workspace == workspace && c.Channels[i].Now == before {
				c.Channels[i].Now = after
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the channels' other ids: %w", err)
	}
	return each(ctx, db, selectInstalled, func(rows *sql.Rows) error {
		var i Installation
		err := rows.Scan(&i.ID, &i.Name, &i.Token, &i.Rotates)
		c.Installations = append(c.Installations, i)
		return err
	})
}

func each(ctx context.Context, db *sql.DB, query string, row func(*sql.Rows) error) (err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close(), rows.Err()) }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return nil
}
