package commit

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
)

// Bounds of the write-ahead log, in updates and in pages of 4 KB.
const (
	// checkpointAfter is after how many updates what they wrote is brought
	// from the log into the database file. What many of them wrote to one page
	// is brought there once.
	checkpointAfter = 1000
	// walRoom is how long the log may become before the writer is made to
	// begin it anew.
	walRoom = 16000
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
	file    *os.File      // the database's
	writer  *sync.RWMutex // held by the writer during a transaction
	room    int64         // pages
	updates atomic.Int64  // committed since the last checkpoint
	scrub   atomic.Bool   // the log is to be emptied
	due     chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newCheckpointer(conn *lite, file *os.File, writer *sync.RWMutex) *checkpointer {
	ctx, stop := context.WithCancel(context.Background())
	c := &checkpointer{conn: conn, file: file, writer: writer, room: walRoom, due: make(chan struct{}, 1), stop: stop}
	c.running.Go(func() { c.run(ctx) })
	return c
}

// committed counts updates that are in the log.
func (c *checkpointer) committed(updates int) {
	if c.updates.Add(int64(updates)) < checkpointAfter {
		return
	}
	c.wake()
}

// empty has the log emptied by the next checkpoint, which comes at once.
func (c *checkpointer) empty() {
	c.scrub.Store(true)
	c.wake()
}

func (c *checkpointer) wake() {
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
// the writer stands still for the rest, which is little: what was brought into
// the file before is on the disk by then.
func (c *checkpointer) checkpoint(ctx context.Context) error {
	pages, _, err := c.pass(ctx, "PASSIVE")
	scrub := c.scrub.Swap(false)
	if err != nil || pages < c.room && !scrub {
		return err
	}
	if err := c.flush(ctx); err != nil {
		return err
	}
	c.writer.Lock()
	defer c.writer.Unlock()
	if !scrub {
		_, _, err = c.pass(ctx, "PASSIVE")
		return err
	}
	// It waits for those who read.
	_, busy, err := c.pass(ctx, "TRUNCATE")
	if err != nil || busy {
		c.scrub.Store(true) // with the next checkpoint
	}
	return err
}

// flush has the disk take what is in the file, and brings there what was
// committed meanwhile. SQLite would do so while the writer stands still, for as
// long as thousands of pages take.
func (c *checkpointer) flush(ctx context.Context) error {
	if err := c.file.Sync(); err != nil {
		return err
	}
	_, _, err := c.pass(ctx, "PASSIVE")
	return err
}

// pass brings into the file what nobody needs in the log, and returns the
// length of the log; busy tells that somebody was still reading in it.
func (c *checkpointer) pass(ctx context.Context, how string) (pages int64, busy bool, err error) {
	err = c.conn.Query(ctx, Op{Doing: "checkpoint"}, "PRAGMA wal_checkpoint("+how+")", nil, func(r Row) error {
		var held, moved int64
		err := r.Scan(&held, &pages, &moved)
		busy = held != 0
		return err
	})
	return pages, busy, err
}

func (c *checkpointer) close() error {
	c.stop()
	c.running.Wait()
	return c.conn.close()
}
