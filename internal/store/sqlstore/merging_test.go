package sqlstore

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
)

// What commits add to the index is merged as they come, and none of them waits for
// much of it: FTS5 by itself has one in 64 write hundreds of pages more.
func TestTheIndexIsMergedInSmallPieces(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "c.db"))
	ctx := t.Context()
	c, first, err := desk.OpenCase(desk.NewCase{
		ID: desk.NewCaseID("1", 2026, 1), Number: desk.NewCaseNumber(1), Account: "1", Workspace: "T1", Requester: "T1/U1",
		Subject: "Printer", Description: "It jams.", Severity: desk.SeverityLow, Origin: "form:1",
	}, time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	add := func(entries ...desk.Correspondence) {
		t.Helper()
		err := s.Update(ctx, func(tx store.Tx) error {
			for i := range entries {
				if err := tx.AppendLog(ctx, &entries[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.InsertCase(ctx, &c) }); err != nil {
		t.Fatal(err)
	}
	add(first)
	seq := first.Seq
	message := func() desk.Correspondence {
		seq++
		text := fmt.Sprintf("Tray %d of printer %d jams since %d, as it did %d days ago.", seq*7919%997, seq%89, seq*31%365, seq)
		return desk.Correspondence{Case: c.ID, Seq: seq, Kind: desk.KindMessage, Text: text, Origin: desk.Origin(fmt.Sprint("m:", seq))}
	}
	var bulk []desk.Correspondence // so that there is something to merge
	for range 20_000 {
		bulk = append(bulk, message())
	}
	for len(bulk) > 0 {
		add(bulk[:100]...)
		bulk = bulk[100:]
	}

	read := func(text string, each func(commit.Row) error) {
		t.Helper()
		err := s.db.Read(ctx, func(q commit.Session) error { return q.Query(ctx, commit.Op{Doing: "ask"}, text, nil, each) })
		if err != nil {
			t.Fatal(err)
		}
	}
	log := func() (pages int64) {
		t.Helper()
		var held, moved int64
		read("PRAGMA wal_checkpoint(NOOP)", func(r commit.Row) error { return r.Scan(&held, &pages, &moved) })
		return pages
	}
	var most, segments int64
	for range 2000 {
		before := log()
		add(message())
		most = max(most, log()-before) // less than nothing when the log is begun anew
		read("SELECT count(DISTINCT segid) FROM search_words_idx", func(r commit.Row) error {
			var n int64
			err := r.Scan(&n)
			segments = max(segments, n)
			return err
		})
	}
	t.Logf("a commit wrote %d pages at most; there were %d segments at most", most, segments)
	if most > 200 {
		t.Errorf("a commit wrote %d pages", most)
	}
	if segments > 50 {
		t.Errorf("the index came to %d segments", segments)
	}
}
