package commit

import (
	"context"
	"sync"
	"sync/atomic"
)

// Bounds of the write-ahead log, in updates and in pages of 4 KB.
const (
	// checkpointAfter is after how many updates what they wrote is brought
	// from the log into the database file.
	checkpointAfter = 500
	// walRoom is how long the log may become before the writer is made to
	// begin it anew.
	walRoom = 8000
	// walLimit is when the writer itself brings it into the file, should the
	// checkpointer fail.
	walLimit = "64000"
)

// A checkpointer brings what is committed from SQLite's write-ahead log into
// the database file, on a connection of its own. Left to SQLite, the writer
// does that after a commit now and then, and everybody waits for it for tens
// of milliseconds.
type checkpointer struct {
	conn    *lite
	writer  *sync.RWMutex // held by the writer during a transaction
	room    int64         // pages
	updates atomic.Int64  // committed since the last checkpoint
	due     chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newCheckpointer(conn *lite, writer *sync.RWMutex) *checkpointer {
	ctx, stop := context.WithCancel(context.Background())
	c := &checkpointer{conn: conn, writer: writer, room: walRoom, due: make(chan struct{}, 1), stop: stop}
	c.running.Go(func() { c.run(ctx) })
	return c
}

// committed counts updates that are in the log.
func (c *checkpointer) committed(updates int) {
	if c.updates.Add(int64(updates)) < checkpointAfter {
		return
	}
	select {
	case c.due <- struct{}{}:
	default: // it is on its way
	}
}

func (c *checkpointer) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.due:
			c.updates.Store(0)
			// An error costs room, not words: the next pass comes soon, and
			// beyond walLimit the writer finds out for itself.
			_ = c.checkpoint(ctx)
		}
	}
}

// checkpoint works beside the writer. While that goes on writing the log is
// never wholly in the file, and so never begun anew. When it has become long,
// the writer stands still for the rest, which is little.
func (c *checkpointer) checkpoint(ctx context.Context) error {
	pages, err := c.pass(ctx)
	if err != nil || pages < c.room {
		return err
	}
	c.writer.Lock()
	defer c.writer.Unlock()
	_, err = c.pass(ctx)
	return err
}

// pass brings into the file what nobody needs in the log, and returns the
// length of the log.
func (c *checkpointer) pass(ctx context.Context) (pages int64, err error) {
	err = c.conn.Query(ctx, Op{Doing: "checkpoint"}, "PRAGMA wal_checkpoint(PASSIVE)", nil, func(r Row) error {
		var busy, moved int64
		return r.Scan(&busy, &pages, &moved)
	})
	return pages, err
}

func (c *checkpointer) close() error {
	c.stop()
	c.running.Wait()
	return c.conn.close()
}
