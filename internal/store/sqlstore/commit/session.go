package commit

import (
	"context"
	"time"
)

// A Session runs statements: those of one update, or of one read. Arguments
// are string, int64, bool, []byte or nil; rows are scanned into pointers to
// the same.
type Session interface {
	// Query calls each for every row; each must not use the session.
	Query(ctx context.Context, what Op, text string, args []any, each func(Row) error) error
	// Change is Query for a statement that writes.
	Change(ctx context.Context, what Op, text string, args []any, each func(Row) error) error
	// Write runs a statement whose effect nobody needs before the update
	// ends, or before its next query. done, if not nil, learns by then how
	// many rows it touched.
	Write(ctx context.Context, what Op, text string, args []any, done func(rows int64) error) error
	// Insert is Write for a statement that adds a row or none; done learns
	// the number of the row, if there is one.
	Insert(ctx context.Context, what Op, text string, args []any, done func(id int64)) error
	// Flush waits for the effects of all writes and inserts so far.
	Flush(ctx context.Context) error

	// Hold makes sure that no other update in the same transaction holds key
	// until this one ends. again is true when one did since the last query,
	// whose answer is then out of date. Updates hold in the order in which
	// they lock. Try is Hold, but returns false where Hold would wait.
	Hold(key string) (again bool, err error)
	Try(key string) bool

	// NoWait reports whether a statement must not wait for a lock that another
	// transaction has. The update then fails with ErrBusy and is run again.
	NoWait() bool
}

// A Row is what a query has come to.
type Row interface {
	Scan(dest ...any) error
}

// A Preparer brings a database up to date when it is opened.
type Preparer interface {
	Session
	// Script runs several statements without arguments.
	Script(ctx context.Context, text string) error
}

// An Update is what one caller wants done in one transaction.
type Update interface {
	// Apply may be called more than once; only the last run counts.
	Apply(s Session) error
}

// Options are what a database needs from above. Began, Ending, Undone and
// Committed may be nil.
type Options struct {
	Now func() time.Time
	// Prepare brings the database up to date while nobody else can use it.
	Prepare func(ctx context.Context, p Preparer) error
	// Began is called when a transaction has begun, Undone when something of
	// it was rolled back.
	Began  func(ctx context.Context, s Session) error
	Undone func()
	// Ending is called before a commit, with those updates that succeeded, for
	// what is cheaper when it is written for all of them at once. Only SQLite
	// calls it.
	Ending func(ctx context.Context, s Session, updates []Update) error
	// Committed is called after a commit, before the callers are answered,
	// with those updates that succeeded.
	Committed func(updates []Update)
}

func (o Options) began(ctx context.Context, s Session) error {
	if o.Began == nil {
		return nil
	}
	return o.Began(ctx, s)
}

func (o Options) ending(ctx context.Context, s Session, ran []*request) error {
	if o.Ending == nil {
		return nil
	}
	return o.Ending(ctx, s, succeeded(ran))
}

func (o Options) undone() {
	if o.Undone != nil {
		o.Undone()
	}
}
