package upkeep_test

import (
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"caseline/internal/upkeep"
)

// A shelf has bytes; some were put there a moment ago.
type shelf struct {
	fresh map[string]bool
	gone  []string
}

func (s *shelf) RemoveIdle(hash string, idle time.Duration) (bool, error) {
	if s.fresh[hash] && idle > 0 {
		return false, nil
	}
	s.gone = append(s.gone, hash)
	return true, nil
}

func TestDiscardedBytesAreRemovedUnlessAFileHasThem(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	files := &shelf{fresh: map[string]bool{"fresh": true}}
	u := upkeep.New(d.store, d.cases, upkeep.Options{Files: files, Now: func() time.Time { return d.now }})
	c := d.asks()
	d.update(func(tx store.Tx) error {
		for _, hash := range []string{"fresh", "needed", "old"} {
			if err := tx.Discard(t.Context(), hash); err != nil {
				return err
			}
		}
		return tx.InsertFile(t.Context(), &desk.File{ID: "f", Case: c.ID, Seq: 1, Hash: "needed", State: desk.FileReady})
	})
	left := func(want string) {
		t.Helper()
		d.must(u.Sweep(t.Context()))
		all, err := d.store.Discards(t.Context(), 9)
		d.must(err)
		var hashes []string
		for _, x := range all {
			hashes = append(hashes, x.Hash)
		}
		if got := strings.Join(hashes, " "); got != want {
			t.Errorf("still discarded: %q, want %q", got, want)
		}
	}
	left("fresh")
	files.fresh = nil
	left("")
	if got := strings.Join(files.gone, " "); got != "old fresh" {
		t.Errorf("removed: %q, want what no file has", got)
	}
}
