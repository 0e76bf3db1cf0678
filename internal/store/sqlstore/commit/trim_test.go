package commit

import (
	"testing"

	"modernc.org/sqlite"
)

// cached is how many bytes of pages a connection keeps.
func cached(t testing.TB, l *lite) int {
	t.Helper()
	conn, ok := l.conn.(sqlite.DBStatus)
	if !ok {
		t.Fatalf("%T does not say what it keeps", l.conn)
	}
	n, _, err := conn.Status(sqlite.DBStatusCacheUsed, false)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatWasReadIsGivenBack(t *testing.T) {
	db := openFile(t, Options{})
	addMany(t, db, 1000)
	count := func(s Session) error {
		if n := ask[int64](t, s, "SELECT count(*) FROM things"); n != 1000 {
			t.Errorf("got %d things, want 1000", n)
		}
		return nil
	}
	if err := db.Read(t.Context(), count); err != nil {
		t.Fatal(err)
	}
	reader := db.readers.idle[0]
	writes, reads := cached(t, db.conn), cached(t, reader)
	if err := db.Trim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := cached(t, db.conn); got > writes/2 {
		t.Errorf("the writer keeps %d of %d bytes", got, writes)
	}
	if got := cached(t, reader); got > reads/2 {
		t.Errorf("a reader keeps %d of %d bytes", got, reads)
	}
	if err := db.Read(t.Context(), count); err != nil {
		t.Fatal(err)
	}
}
