package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
	"caseline/internal/store/storetest/contention"

	"github.com/jackc/pgx/v5"
)

func TestNodesShareADatabase(t *testing.T) {
	contention.RunNodes(t, func(t *testing.T) (a, b store.Store) {
		url := storetest.PostgresURL(t)
		return storetest.Open(t, url), storetest.Open(t, url)
	})
}

// operator runs statements on the database past the store.
func operator(t *testing.T, url string) func(text string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return func(text string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	killListeners = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname = current_database() AND query LIKE 'LISTEN%'`
	killAll = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname = current_database() AND pid <> pg_backend_pid()`
)

func TestNewerPostgresIsRefused(t *testing.T) {
	url := storetest.PostgresURL(t)
	operator(t, url)("INSERT INTO migrations (number, name, applied_at) VALUES (999, '0999_later', 1)")
	_, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: url})
	if err == nil || !strings.Contains(err.Error(), "newer release") {
		t.Errorf("got %v, want it to name a newer release", err)
	}
}

func TestLostListenerLooksAtEverything(t *testing.T) {
	url := storetest.PostgresURL(t)
	s := storetest.Open(t, url)
	hints := make(chan store.Hint, 1000)
	defer s.Watch(func(h store.Hint) { hints <- h })()
	kill := operator(t, url)
	for heard := false; !heard; { // the store may not listen yet
		kill(killListeners)
		select {
		case h := <-hints:
			heard = h.All
		case <-t.Context().Done():
			t.Fatal("no hint")
		default:
		}
	}
}

// TestBrokenConnectionsLoseNothing kills the connections while updates run.
// Whoever gets an error tries again, as everybody who uses a store must.
func TestBrokenConnectionsLoseNothing(t *testing.T) {
	ctx := t.Context()
	url := storetest.PostgresURL(t)
	s := storetest.Open(t, url)
	c := storetest.AddCase(t, s, 1)
	const writers, each = 16, 20
	var left atomic.Int64
	left.Store(writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			defer left.Add(-1)
			for i := range each {
				origin := desk.Origin(fmt.Sprintf("say:%d:%d", w, i))
				for sayOnce(ctx, s, c.ID, origin) != nil && ctx.Err() == nil {
				}
			}
		})
	}
	kill := operator(t, url)
	for left.Load() > 0 {
		kill(killAll)
		kill("SELECT pg_sleep(0.05)")
	}
	wg.Wait()
	log, err := s.Log(ctx, c.ID, 0, 10_000)
	for err != nil && ctx.Err() == nil { // the pool may still hand out what was killed
		log, err = s.Log(ctx, c.ID, 0, 10_000)
	}
	if len(log) != 1+writers*each {
		t.Errorf("log: got %d entries, want %d", len(log), 1+writers*each)
	}
	for i, e := range log {
		if e.Seq != int64(i+1) {
			t.Fatalf("entry %d has number %d", i+1, e.Seq)
		}
	}
}

func sayOnce(ctx context.Context, s store.Store, id desk.CaseID, origin desk.Origin) error {
	return s.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, origin); seen || err != nil {
			return err
		}
		for _, e := range c.Record(c.Chat, desk.Message{Text: "x", Origin: origin}, nil, storetest.Start()) {
			if err := tx.AppendLog(ctx, &e); err != nil {
				return err
			}
		}
		return tx.SaveCase(ctx, &c)
	})
}

func TestUnreachablePostgresIsSaid(t *testing.T) {
	_, err := sqlstore.Open(t.Context(), sqlstore.Options{URL: "postgres://nobody@127.0.0.1:1/none?connect_timeout=1"})
	if err == nil || errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want that it cannot be reached", err)
	}
}
