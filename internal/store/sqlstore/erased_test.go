package sqlstore

import (
	"path/filepath"
	"testing"
	"time"

	"caseline/internal/desk/keeping"
	"caseline/internal/store"
	"caseline/internal/store/storetest/traces"
)

// B6: the record of an erasure names whom it is about until it ends. Then the file
// must not either, though nothing is written after it.
func TestB6_WhomAnErasureWasAboutIsNotInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "caseline.db")
	s := openFile(t, path)
	save := func(e keeping.Erasure) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveErasure(t.Context(), &e) }); err != nil {
			t.Fatal(err)
		}
	}
	e := keeping.Erasure{ID: "e1", Cause: keeping.ByWish, Begun: time.Unix(1, 0), Subject: "T1/USWORDFISH", Called: "swordfish"}
	save(e)
	if len(traces.Find(t, "sqlite:"+path, "swordfish")) == 0 {
		t.Fatal("it is nowhere before the end")
	}
	e.Step, e.Ended, e.Subject, e.Called = 1, time.Unix(2, 0), "", ""
	save(e)
	late := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		places := append(traces.Find(t, "sqlite:"+path, "swordfish"), traces.Find(t, "sqlite:"+path, "USWORDFISH")...)
		if len(places) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("it is in %v", places)
		}
	}
}
