package commit

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// pgWriters is how many transactions of one node are under way at most:
	// one runs while the other is being committed. More would only find each
	// other's locks.
	pgWriters = 2
	// prepareLock is the key of the lock that lets one node bring the database
	// up to date.
	prepareLock = 7_264_010_001
)

// pgSettings are the settings of every connection, times in milliseconds.
// They bound how long a node that hangs can hold up the others.
func pgSettings() map[string]string {
	return map[string]string{
		"application_name":                    "caseline",
		"lock_timeout":                        "5000",
		"statement_timeout":                   "60000",
		"idle_in_transaction_session_timeout": "60000",
		"timezone":                            "UTC",
		"jit":                                 "off", // our statements are short: to compile one takes longer than to run it
	}
}

// A Postgres is a database that other nodes may use as well: a pool from
// which a few writers and all readers take connections.
type Postgres struct {
	pool    *pgxpool.Pool
	queue   *queue
	writing sync.WaitGroup
	closing sync.Once
}

// OpenPostgres connects to the database that url names.
func OpenPostgres(ctx context.Context, url string, o Options) (*Postgres, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	for name, value := range pgSettings() {
		if config.ConnConfig.RuntimeParams[name] == "" {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	config.MaxConns = max(config.MaxConns, int32(pgWriters+max(4, runtime.GOMAXPROCS(0))))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	db := &Postgres{pool: pool, queue: newQueue()}
	if err := db.prepare(ctx, o); err != nil {
		pool.Close()
		return nil, err
	}
	db.queue.together = true
	for range pgWriters {
		carrier := &pgCarrier{pool: pool}
		w := &writer{options: o, conn: carrier, shared: newShared(carrier), queue: db.queue}
		db.writing.Go(func() { w.run(&db.writing) })
	}
	return db, nil
}

// prepare brings the database up to date while other nodes wait.
func (db *Postgres) prepare(ctx context.Context, o Options) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	// The lock is the connection's; a node that dies lets go of it.
	if _, err := conn.Exec(ctx, "SELECT set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false), pg_advisory_lock($1)", int64(prepareLock)); err != nil {
		return fmt.Errorf("wait for other nodes to bring the database up to date: %w", err)
	}
	err = o.Prepare(ctx, pgReader{conn})
	// A connection with other settings than the rest does not go back.
	return errors.Join(err, conn.Conn().Close(ctx))
}

// Update runs an update and returns when it is durable.
func (db *Postgres) Update(ctx context.Context, u Update) error { return db.queue.update(ctx, u) }

// Read calls fn with a session for reading.
func (db *Postgres) Read(ctx context.Context, fn func(Session) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return fn(pgReader{conn})
}

// Notify sends a text to all who listen on channel.
func (db *Postgres) Notify(ctx context.Context, channel, text string) error {
	_, err := db.pool.Exec(ctx, "SELECT pg_notify($1, $2)", channel, text)
	return err
}

// Listen calls heard with every text sent on channel until the connection
// breaks or ctx ends. It calls listening when it has begun to.
func (db *Postgres) Listen(ctx context.Context, channel string, listening func(), heard func(text string)) error {
	pooled, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	conn := pooled.Hijack() // it listens: nobody else should get it
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	listening()
	for {
		note, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		heard(note.Payload)
	}
}

// Scrub does nothing: the server vacuums and recycles its log by itself.
func (db *Postgres) Scrub() {}

// Trim does nothing: the server's memory is its own.
func (db *Postgres) Trim(context.Context) error { return nil }

// Finish takes no more updates and returns when those that wait are done.
func (db *Postgres) Finish() {
	db.queue.close()
	db.writing.Wait()
}

// Close finishes the updates and closes the connections. Nobody may listen
// any more.
func (db *Postgres) Close() error {
	db.closing.Do(func() {
		db.Finish()
		db.pool.Close()
	})
	return nil
}
