package commit

import (
	"errors"
	"fmt"

	"caseline/internal/desk"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var (
	// ErrBusy means that a lock was not free. An update that returns it is
	// run again, and waits.
	ErrBusy = errors.New("busy")

	errClosed = errors.New("the store is closed")
	// errSpoiled means that the transaction must be run again through no fault
	// of most of its updates.
	errSpoiled = errors.New("another update spoiled the transaction")
	// errLost means that the connection broke before the commit was sent.
	errLost = errors.New("the connection to the database was lost")
)

// An Op is what a statement was about, for the error it may cause.
type Op struct {
	Doing string // "save case"
	ID    string // of what; may be empty
	// Anew has PostgreSQL plan the statement for its arguments, where what is
	// fast depends on them.
	Anew bool
}

// String says what was done to which thing.
func (o Op) String() string {
	if o.ID == "" {
		return o.Doing
	}
	return o.Doing + " " + o.ID
}

// Wrap says in err what was being done, and adds desk's kind to a driver's
// error that a caller can act on.
func (o Op) Wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", o, kind(err))
}

func kind(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
			return fmt.Errorf("%w (%w)", desk.ErrConflict, err)
		case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
			return fmt.Errorf("%w (%w)", desk.ErrNotFound, err)
		}
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "23505": // unique_violation
			return fmt.Errorf("%w (%w)", desk.ErrConflict, err)
		case "23503": // foreign_key_violation
			return fmt.Errorf("%w (%w)", desk.ErrNotFound, err)
		}
	}
	return err
}

// transient reports whether err may not come back when the transaction is run
// again.
func transient(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code := e.Code() & 0xff
		return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "40001", // serialization_failure
			"40P01", // deadlock_detected
			"55P03": // lock_not_available
			return true
		}
	}
	return errors.Is(err, errLost)
}
