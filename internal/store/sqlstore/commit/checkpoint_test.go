package commit

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

func addMany(t *testing.T, db *SQLite, n int) {
	t.Helper()
	for i := range n {
		if err := db.Update(t.Context(), add(t, strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestALongLogIsBegunAnew(t *testing.T) {
	db := openFile(t, Options{})
	c := db.checkpoints
	addMany(t, db, 100)
	long, err := c.pass(t.Context(), "PASSIVE")
	if err != nil || long < 100 {
		t.Fatalf("the log has %d pages, %v, want at least one for each update", long, err)
	}
	c.room = 1
	if err := c.checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), add(t, "one more")); err != nil {
		t.Fatal(err)
	}
	if pages, err := c.pass(t.Context(), "PASSIVE"); err != nil || pages >= long {
		t.Errorf("after one more update the log has %d pages, %v, want far less than %d", pages, err, long)
	}
	if n := ask[int64](t, db.conn, "SELECT count(*) FROM things"); n != 101 {
		t.Errorf("got %d things, want 101", n)
	}
}

// What a pass brings into the file is written out a little at a time.
func TestWhatAPassBringsIsWrittenOutInStretches(t *testing.T) {
	db, path := openAt(t, Options{})
	c := db.checkpoints
	for n := range 6 { // each a megabyte
		if err := db.Update(t.Context(), add(t, strconv.Itoa(n)+strings.Repeat("x", 1<<20))); err != nil {
			t.Fatal(err)
		}
	}
	var to int64
	c.stretch = func(_ *os.File, at, n int64) error {
		if at != to || n > writeStretch {
			t.Errorf("from %d on %d bytes are written out at once after the first %d", at, n, to)
		}
		to = at + n
		return nil
	}
	if err := c.checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if file.Size() < 6<<20 || to < file.Size() {
		t.Errorf("%d of %d bytes were written out", to, file.Size())
	}
	c.stretch = func(*os.File, int64, int64) error { return errors.ErrUnsupported }
	if err := c.checkpoint(t.Context()); err != nil {
		t.Errorf("where the system cannot do that: %v", err)
	}
}

func TestAScrubbedLogIsEmpty(t *testing.T) {
	db, path := openAt(t, Options{})
	addMany(t, db, 10)
	if logSize(t, path) == 0 {
		t.Fatal("there is no log")
	}
	db.Scrub()
	soon(t, "the log is empty", func() bool { return logSize(t, path) == 0 })
}

// Nothing need be written afterwards that brings another checkpoint.
func TestALogInWhichSomebodyReadsIsEmptiedAfterwards(t *testing.T) {
	db, path := openAt(t, Options{})
	addMany(t, db, 10)
	err := db.Read(t.Context(), func(s Session) error {
		return s.Query(t.Context(), Op{Doing: "read"}, "SELECT name FROM things LIMIT 1", nil, func(Row) error {
			if err := db.Update(t.Context(), add(t, "while somebody reads")); err != nil {
				return err
			}
			db.Scrub()
			soon(t, "it is tried", func() bool { return !db.checkpoints.scrub.Load() })
			soon(t, "it failed", db.checkpoints.scrub.Load)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	soon(t, "the log is empty", func() bool { return logSize(t, path) == 0 })
}

func logSize(t *testing.T, path string) int64 {
	t.Helper()
	log, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return log.Size()
}

// soon waits until cond holds.
func soon(t *testing.T, what string, cond func() bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("never came true: %s", what)
		}
	}
}

func TestManyUpdatesBringACheckpoint(t *testing.T) {
	db := openFile(t, Options{})
	addMany(t, db, checkpointAfter)
	late := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for db.checkpoints.updates.Load() != 0 {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("no checkpoint began")
		}
	}
}
