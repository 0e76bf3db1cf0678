package commit

import (
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
	long, err := c.pass(t.Context())
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
	if pages, err := c.pass(t.Context()); err != nil || pages >= long {
		t.Errorf("after one more update the log has %d pages, %v, want far less than %d", pages, err, long)
	}
	if n := ask[int64](t, db.conn, "SELECT count(*) FROM things"); n != 101 {
		t.Errorf("got %d things, want 101", n)
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
