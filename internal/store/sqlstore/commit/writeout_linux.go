package commit

import (
	"os"

	"golang.org/x/sys/unix"
)

// writeRange has the disk take what was written to a range of a file, and
// returns when it has.
func writeRange(f *os.File, at, n int64) error {
	return unix.SyncFileRange(int(f.Fd()), at, n, unix.SYNC_FILE_RANGE_WRITE|unix.SYNC_FILE_RANGE_WAIT_AFTER)
}
