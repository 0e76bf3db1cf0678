package commit

import (
	"os"
	"strconv"
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
	long, _, err := c.pass(t.Context(), "PASSIVE")
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
	if pages, _, err := c.pass(t.Context(), "PASSIVE"); err != nil || pages >= long {
		t.Errorf("after one more update the log has %d pages, %v, want far less than %d", pages, err, long)
	}
	if n := ask[int64](t, db.conn, "SELECT count(*) FROM things"); n != 101 {
		t.Errorf("got %d things, want 101", n)
	}
}

func TestAScrubbedLogIsEmpty(t *testing.T) {
	db, path := openAt(t, Options{})
	addMany(t, db, 10)
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
		t.Fatalf("there is no log: %v", err)
	}
	db.Scrub()
	late := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		log, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		if log.Size() == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("the log was never emptied")
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
