package commit

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes the lock that keeps other processes from the database. The
// system gives it back when this process ends, however it ends.
func lockFile(path string) (unlock func() error, held bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	if err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped)); err != nil {
		held = errors.Is(err, windows.ERROR_LOCK_VIOLATION)
		return nil, held, errors.Join(err, f.Close())
	}
	return f.Close, false, nil
}
