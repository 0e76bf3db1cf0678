package commit

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// SQLite's settings, in the connection string so that every connection has
// them.
const (
	// With secure_delete what is deleted or overwritten is zeros in the file.
	settingsAll    = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)&_pragma=secure_delete(1)"
	settingsFile   = settingsAll + "&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=wal_autocheckpoint(" + walLimit + ")"
	settingsMemory = settingsAll + "&vfs=memdb&_pragma=journal_mode(memory)&_pragma=synchronous(off)"
	settingsWrite  = "&_pragma=cache_size(-16000)" // 16 MB
	// A reader's cache is emptied whenever the writer has written since, so a
	// larger one would only take longer to empty.
	settingsRead = "&_pragma=cache_size(-500)&_pragma=query_only(1)"
)

var errNoPath = errors.New("sqlite needs the path of a file, or :memory: (as in sqlite:caseline.db)")

// A SQLite is a database in a file or in memory: one writer and a pool of
// readers.
type SQLite struct {
	conn        *lite // the writer's
	queue       *queue
	writing     sync.WaitGroup
	readers     *pool
	reading     driver.Connector
	gate        sync.RWMutex  // held by the writer during a transaction
	memory      bool          // it is in memory; there a read holds the gate for reading
	path        string        // of the file; empty in memory
	file        *os.File      // nil in memory; closed last, because that would end SQLite's locks on it
	checkpoints *checkpointer // nil in memory
	unlock      func() error
	closing     sync.Once
}

// OpenSQLite opens the file at path, or a new database in memory when path is
// ":memory:". A file that another process has open is refused.
func OpenSQLite(ctx context.Context, path string, o Options) (*SQLite, error) {
	db := &SQLite{unlock: func() error { return nil }, queue: newQueue()}
	dsn, err := db.locate(path)
	if err != nil {
		return nil, err
	}
	if err := db.connect(ctx, dsn, o); err != nil {
		return nil, errors.Join(err, db.unlock())
	}
	o.Committed = db.counted(o.Committed)
	w := &writer{options: o, conn: db.conn, gate: &db.gate, queue: db.queue}
	db.writing.Go(func() { w.run(&db.writing) })
	return db, nil
}

// locate returns the connection string, and locks the file.
func (db *SQLite) locate(path string) (string, error) {
	switch path {
	case "":
		return "", errNoPath
	case ":memory:":
		// Named, so that all connections of this database see the same, and
		// those of another do not. There readers and the writer would wait
		// for each other by sleeping, hence the gate.
		db.memory = true
		return "file:/" + rand.Text() + "?" + settingsMemory, nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	unlock, held, err := lockFile(abs + ".lock")
	if held {
		return "", fmt.Errorf("another process is using %s; stop it first", path)
	}
	if err != nil {
		return "", fmt.Errorf("lock %s: %w", path, err)
	}
	db.unlock, db.path = unlock, abs
	return "file:" + (&url.URL{Path: filepath.ToSlash(abs)}).EscapedPath() + "?" + settingsFile, nil
}

// connect opens the writer and brings the database up to date.
func (db *SQLite) connect(ctx context.Context, dsn string, o Options) error {
	connector, err := sqlite.NewConnector(dsn + settingsWrite)
	if err != nil {
		return err
	}
	db.reading, err = sqlite.NewConnector(dsn + settingsRead)
	if err != nil {
		return err
	}
	db.conn, err = newLite(ctx, connector)
	if err != nil {
		return err
	}
	if err := o.Prepare(ctx, db.conn); err != nil {
		return errors.Join(err, db.conn.close())
	}
	db.conn.whole = true
	if !db.memory {
		if err := db.checkpointBeside(ctx, connector, o.Now); err != nil {
			return errors.Join(err, db.conn.close())
		}
	}
	db.readers = newPool(max(2, runtime.GOMAXPROCS(0)))
	for db.memory && len(db.readers.idle) < cap(db.readers.may) { // beside an update, opening one would wait by sleeping
		reader, err := newLite(ctx, db.reading)
		if err != nil {
			return errors.Join(err, db.readers.close(), db.conn.close())
		}
		db.readers.idle = append(db.readers.idle, reader)
	}
	return nil
}

// checkpointBeside begins to bring the log into the file on a connection of its
// own.
func (db *SQLite) checkpointBeside(ctx context.Context, connector driver.Connector, now func() time.Time) error {
	beside, err := newLite(ctx, connector)
	if err != nil {
		return err
	}
	if err := beside.Script(ctx, scrubPatience); err != nil {
		return errors.Join(err, beside.close())
	}
	if db.file, err = os.OpenFile(db.path, os.O_RDWR, 0); err != nil {
		return errors.Join(err, beside.close())
	}
	db.checkpoints = newCheckpointer(beside, db.file, &db.gate, now)
	return nil
}

// counted has the checkpointer hear of what is committed.
func (db *SQLite) counted(committed func([]Update)) func([]Update) {
	return func(updates []Update) {
		if committed != nil {
			committed(updates)
		}
		if db.checkpoints != nil {
			db.checkpoints.committed(len(updates))
		}
	}
}

// Update runs an update and returns when it is durable.
func (db *SQLite) Update(ctx context.Context, u Update) error { return db.queue.update(ctx, u) }

// Read calls fn with a session that only reads.
func (db *SQLite) Read(ctx context.Context, fn func(Session) error) error {
	conn, err := db.readers.take(ctx)
	if err != nil {
		return err
	}
	defer func() { db.readers.put(conn) }()
	if conn == nil {
		if conn, err = newLite(ctx, db.reading); err != nil {
			return fmt.Errorf("open a reader: %w", err)
		}
	}
	if db.memory {
		db.gate.RLock()
		defer db.gate.RUnlock()
	}
	return fn(conn)
}

// Scrub has the write-ahead log emptied, in which what was erased still stands
// as it was. It returns at once; should somebody read in the log, it is emptied
// when they have done.
func (db *SQLite) Scrub() {
	if db.checkpoints != nil {
		db.checkpoints.empty()
	}
}

// A look is an update that changes nothing.
type look func(Session) error

func (l look) Apply(s Session) error { return l(s) }

// Trim gives back the memory of what was read until now. What is read again is in
// the system's memory.
func (db *SQLite) Trim(ctx context.Context) error {
	shrink := func(s Session) error {
		return s.Query(ctx, Op{Doing: "give memory back"}, "PRAGMA shrink_memory", nil, func(Row) error { return nil })
	}
	errs := []error{db.Update(ctx, look(shrink))}
	for range cap(db.readers.may) {
		conn, err := db.readers.take(ctx)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		defer db.readers.put(conn)
		if conn != nil {
			errs = append(errs, shrink(conn))
		}
	}
	return errors.Join(errs...)
}

// Finish takes no more updates and returns when those that wait are done.
func (db *SQLite) Finish() {
	db.queue.close()
	db.writing.Wait()
}

// Close finishes the updates and closes the database.
func (db *SQLite) Close() error {
	var errs []error
	db.closing.Do(func() {
		db.Finish()
		errs = append(errs, db.readers.close())
		if db.checkpoints != nil {
			errs = append(errs, db.checkpoints.close())
		}
		errs = append(errs, db.conn.close())
		if db.file != nil {
			errs = append(errs, db.file.Close())
		}
		errs = append(errs, db.unlock())
	})
	return errors.Join(errs...)
}
