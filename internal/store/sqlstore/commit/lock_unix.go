//go:build unix

package commit

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock that keeps other processes from the database. The
// system gives it back when this process ends, however it ends.
func lockFile(path string) (unlock func() error, held bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		held = errors.Is(err, syscall.EWOULDBLOCK)
		return nil, held, errors.Join(err, f.Close())
	}
	return func() error {
		// A program that another goroutine is about to start has the file for a moment, too,
		// and with it the lock, which closing ours alone would leave to it.
		return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
	}, false, nil
}
