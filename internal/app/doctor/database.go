package doctor

import (
	"context"
	"errors"
	"time"

	"caseline/internal/store/sqlstore"
)

// databaseTimeout is how long the database may take to answer.
const databaseTimeout = 10 * time.Second

var errDatabaseTimeout = errors.New("the database did not answer in time")

// Database says whether the database can be opened, is one of this release and
// has somebody who may sign in.
func (d *Doctor) Database(ctx context.Context) {
	ctx, cancel := context.WithTimeoutCause(ctx, databaseTimeout, errDatabaseTimeout)
	defer cancel()
	c, err := sqlstore.Inspect(ctx, d.cfg.StoreURL())
	switch {
	case err != nil && d.cfg.Database.URL.IsSet():
		d.say("database", Wrong, "The database cannot be read (%s): check that PostgreSQL runs and that database.url names it, its user and the password.", short(err))
		return
	case err != nil:
		d.say("database", Wrong, "The database in %s cannot be read (%s): check who may read it, or put back a backup.", d.cfg.DataDir, short(err))
		return
	case c.Step > c.Knows, c.Foreign != "":
		d.say("database", Wrong, "The database was last used by a newer release (it is at step %d, and this one knows %d): run that release, or put back a backup from before it.", c.Step, c.Knows)
		return
	case c.ReadOnly:
		d.say("database", Wrong, "The database takes no writes, because it is a standby or set to read-only: let database.url name the primary server.")
		return
	case c.Step == 0:
		d.say("database", OK, "There is no database yet: the first start makes it.")
	case !c.Current:
		d.say("database", Warning, "The database is of an older release (step %d of %d): the next start brings it up to date, so keep a backup from before.", c.Step, c.Knows)
	default:
		d.say("database", OK, "The database opens and is of this release.")
	}
	d.database = c
	d.operators()
}

// operators says whether somebody may set things up in the console.
func (d *Doctor) operators() {
	n := d.database.Operators
	for _, a := range d.cfg.Agents {
		if a.Role == "operator" && !d.database.Current {
			n++ // made at the first start
		}
	}
	switch {
	case n == 0 && (d.database.Current || d.database.Step == 0):
		d.say("operators", Warning, "Nobody may set things up in the console: add an operator by caseline agent add --role operator.")
	case n > 0:
		d.say("operators", OK, "%d may sign in as operator.", n)
	}
}
