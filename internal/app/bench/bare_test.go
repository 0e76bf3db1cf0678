package bench

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"caseline/internal/store/sqlstore"
)

// TestTheBarePathWritesTheRows posts events to the bare path, which writes to
// the product's tables, and reads them as the product does.
func TestTheBarePathWritesTheRows(t *testing.T) {
	ctx := t.Context()
	url := "sqlite:" + filepath.Join(t.TempDir(), "caseline.db")
	if err := seed(ctx, url, 2); err != nil {
		t.Fatal(err)
	}
	addr, err := freeAddress(ctx)
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- ServeBare(serving, addr, url) }()
	c := &child{url: "http://" + addr}
	for _, err := c.readyz(ctx); err != nil; _, err = c.readyz(ctx) {
		select {
		case err := <-served:
			t.Fatalf("the bare path ended: %v", err)
		default:
			pause(ctx, time.Millisecond)
		}
	}
	events := newSender(c.url, benchSecret, time.Now())
	if err := events.postMany(ctx, benchTeam, []string{channelOf(0), channelOf(1)}, 2, 6); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Case(ctx, caseOf(1))
	if err != nil {
		t.Fatal(err)
	}
	log, err := s.Log(ctx, got.ID, 3, 9) // after the three of seed
	if err != nil || len(log) != 3 || got.LastSeq != log[2].Seq {
		t.Errorf("got %d entries up to %d, %v, want 3", len(log), got.LastSeq, err)
	}
}
