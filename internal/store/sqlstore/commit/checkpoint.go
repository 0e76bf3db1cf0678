package commit

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"time"
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
	// scrubAgain is when a log that could not be emptied is tried again, because
	// somebody read in it or the disk failed; after that twice as long each time,
	// up to scrubSlow. The writer stands still for scrubPatience of it.
	scrubAgain    = 500 * time.Millisecond
	scrubSlow     = 8 * time.Second
	scrubPatience = "PRAGMA busy_timeout(250)"
)

// A checkpointer brings what is committed from SQLite's write-ahead log into
// the database file, on a connection of its own. Left to SQLite, the writer
// does that after a commit now and then, and everybody waits for it for tens
// of milliseconds.
type checkpointer struct {
	conn   *lite
	file   *os.File      // the database's
	writer *sync.RWMutex // held by the writer during a transaction
	room   int64         // pages
	now    func() time.Time
	// stretch writes out a part of the file: writeRange, but in tests.
	stretch func(f *os.File, at, n int64) error
	updates atomic.Int64 // committed since the last checkpoint
	scrub   atomic.Bool  // the log is to be emptied
	due     chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newCheckpointer(conn *lite, file *os.File, writer *sync.RWMutex, now func() time.Time) *checkpointer {
	ctx, stop := context.WithCancel(context.Background())
	c := &checkpointer{
		conn: conn, file: file, writer: writer, room: walRoom, now: now,
		stretch: writeRange, due: make(chan struct{}, 1), stop: stop,
	}
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

// empty has the log emptied by the next checkpoint, which comes at once. If it
// cannot be emptied then, others follow until it is.
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
	wait := scrubAgain
	again := time.NewTimer(wait)
	again.Stop() // nothing is to be tried again yet
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.due:
		case <-again.C:
		}
		c.updates.Store(0)
		// An error costs room, not words: the next pass comes soon, and
		// beyond walLimit the writer finds out for itself.
		_ = c.checkpoint(ctx)
		if !c.scrub.Load() {
			wait = scrubAgain
			continue
		}
		again.Reset(wait) // nothing else may be committed for a long time
		wait = min(2*wait, scrubSlow)
	}
}

// checkpoint works beside the writer. While that goes on writing the log is
// never wholly in the file, and so never begun anew. When it has become long,
// the writer stands still for the rest, which is little: what was brought into
// the file before is on the disk by then.
func (c *checkpointer) checkpoint(ctx context.Context) (err error) {
	scrub := c.scrub.Swap(false)
	empty := false
	defer func() {
		if scrub && !empty {
			c.scrub.Store(true)
		}
	}()
	pages, err := c.pass(ctx, "PASSIVE")
	if err != nil {
		return err
	}
	c.writeOut(ctx)
	if pages < c.room && !scrub {
		return nil
	}
	if err := c.flush(ctx); err != nil {
		return err
	}
	c.writer.Lock()
	defer c.writer.Unlock()
	if !scrub {
		_, err = c.pass(ctx, "PASSIVE")
		return err
	}
	// It waits for those who read.
	left, err := c.pass(ctx, "TRUNCATE")
	empty = err == nil && left == 0
	return err
}

// flush has the disk take what is in the file, and brings there what was
// committed meanwhile. SQLite would do so while the writer stands still, for as
// long as thousands of pages take.
func (c *checkpointer) flush(ctx context.Context) error {
	if err := c.file.Sync(); err != nil {
		return err
	}
	_, err := c.pass(ctx, "PASSIVE")
	return err
}

// pass brings into the file what nobody needs in the log, and returns the
// length of the log. An emptied log has none; one in which somebody still read
// is never empty.
func (c *checkpointer) pass(ctx context.Context, how string) (pages int64, err error) {
	err = c.conn.Query(ctx, Op{Doing: "checkpoint"}, "PRAGMA wal_checkpoint("+how+")", nil, func(r Row) error {
		var held, moved int64
		err := r.Scan(&held, &pages, &moved)
		if held != 0 {
			pages = max(pages, 1)
		}
		return err
	})
	return pages, err
}

func (c *checkpointer) close() error {
	c.stop()
	c.running.Wait()
	return c.conn.close()
}
