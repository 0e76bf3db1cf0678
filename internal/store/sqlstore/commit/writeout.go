package commit

import (
	"context"
	"time"
)

const (
	// writeStretch is how much of the file is written out at once, in bytes: of so
	// much some hundred pages were changed at the most.
	writeStretch = 2 << 20
	// writeQuick is how long a stretch takes of which nothing was changed.
	writeQuick = 200 * time.Microsecond
	// writeRest bounds the rest after a stretch.
	writeRest = 5 * time.Millisecond
)

// writeOut has the disk take what a pass brought into the file, stretch by
// stretch, and rests after each for as long as it took. All at once, by a flush,
// it stands before what the writer flushes meanwhile: thousands of pages, 30 to 60 ms.
// Nothing relies on it: before the log is begun anew SQLite flushes the file,
// and then hears of whatever the disk did not take.
func (c *checkpointer) writeOut(ctx context.Context) {
	info, err := c.file.Stat()
	if err != nil {
		return
	}
	for at := int64(0); at < info.Size() && ctx.Err() == nil; at += writeStretch {
		began := c.now()
		if err := c.stretch(c.file, at, writeStretch); err != nil {
			return // the file's system does not know how
		}
		took := c.now().Sub(began)
		if took <= writeQuick {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(took, writeRest)):
		}
	}
}
