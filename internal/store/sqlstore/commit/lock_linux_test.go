package commit

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Whoever closes a database has given it back, though a program that is being started
// still has its files.
func TestALockIsGivenBackThoughAChildHasTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "caseline.db.lock")
	unlock, _, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	child := -1
	for _, file := range open {
		if at, err := os.Readlink("/proc/self/fd/" + file.Name()); err != nil || at != path {
			continue
		}
		fd, err := strconv.Atoi(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if child, err = syscall.Dup(fd); err != nil {
			t.Fatal(err)
		}
		defer syscall.Close(child)
		break
	}
	if child < 0 {
		t.Fatal("the file is not open")
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, held, err := lockFile(path)
	if err != nil {
		t.Fatalf("held by another: %t, %v", held, err)
	}
	if err := again(); err != nil {
		t.Fatal(err)
	}
}
