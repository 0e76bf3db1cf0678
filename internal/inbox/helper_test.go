package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/inbox"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

var errFault = errors.New("injected fault")

// event returns the i-th event of the lane of the n-th case.
func event(n, i int) desk.Event {
	return desk.Event{
		Key:  fmt.Sprintf("slack:T1:Ev%d.%d", n, i),
		Lane: desk.Lane(fmt.Sprintf("lane:%d", n)),
		Body: fmt.Appendf(nil, "%d %d secret words", n, i),
	}
}

// record is an Apply that appends the event's key to the log of its case.
func record(ctx context.Context, tx store.Tx, e desk.Event) error {
	var n, i int
	if _, err := fmt.Sscan(string(e.Body), &n, &i); err != nil {
		return err
	}
	c, err := tx.LockCase(ctx, desk.NewCaseID("123456789012", 2026, uint64(n)))
	if err != nil {
		return err
	}
	c.LastSeq++
	c.Touch(e.ReceivedAt)
	entry := desk.Correspondence{
		Case: c.ID, Seq: c.LastSeq, Kind: desk.KindMessage, Author: desk.ByCustomer("T1:U1"),
		Text: e.Key, At: e.ReceivedAt, RecordedAt: e.ReceivedAt, Origin: desk.Origin(e.Key),
	}
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	return tx.SaveCase(ctx, &c)
}

// recorded returns the keys of the events applied to the n-th case, in order.
func recorded(t *testing.T, s store.Store, n int) []string {
	t.Helper()
	entries, err := s.Log(t.Context(), desk.NewCaseID("123456789012", 2026, uint64(n)), 1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, e := range entries {
		keys = append(keys, e.Text)
	}
	return keys
}

// script fails events, by key, with the given errors, one a try, and lets
// every try after the last succeed.
type script struct {
	mu    sync.Mutex // guards fails
	fails map[string][]error
}

func (s *script) of(e desk.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fails := s.fails[e.Key]; e.Attempts < len(fails) {
		return fails[e.Attempts]
	}
	return nil
}

var errPanic = errors.New("panic instead")

// apply records the event unless the script says otherwise. It fails after
// its effects, which must then not remain.
func (s *script) apply(ctx context.Context, tx store.Tx, e desk.Event) error {
	if err := record(ctx, tx, e); err != nil {
		return err
	}
	err := s.of(e)
	if errors.Is(err, errPanic) {
		panic("panic at " + string(e.Body))
	}
	return err
}

// logged is a log that a test can read.
type logged struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) logger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(io.MultiWriter(l, t.Output()), nil))
}

// still returns a store for a test in a bubble: its readers are open, for
// opening one beside an update waits for the clock.
func still(t *testing.T) store.Store {
	t.Helper()
	s := storetest.SQLite(t)
	for range 16 {
		if err := s.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// run runs b and returns what stops it and waits for its end.
func run(t *testing.T, b *inbox.Inbox) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func accept(t *testing.T, b *inbox.Inbox, e desk.Event) (added bool) {
	t.Helper()
	added, err := b.Accept(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// eventually waits until ok, or fails the test.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	if !happens(ok) {
		t.Fatalf("waited in vain until %s", what)
	}
}

// happens waits until ok, and reports false when that takes too long.
func happens(ok func() bool) bool {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}

// idle reports whether no lane has a pending event.
func idle(t *testing.T, s store.Store) bool {
	t.Helper()
	due, err := s.PendingLanes(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return len(due) == 0
}

// flaky is a store as a process sees it that may crash: its updates fail at
// random, before they begin or after they are committed, and once it is dead
// nothing of the process reaches the database any more.
type flaky struct {
	store.Store
	deaf bool // hears no hints

	mu      sync.Mutex // guards what follows
	random  *rand.Rand
	lost    float64 // how many of the updates fail before they begin
	landed  float64 // how many fail after the commit
	dead    bool
	updates int
}

func (f *flaky) Update(ctx context.Context, fn func(store.Tx) error) error {
	lost, landed := f.draw()
	if lost {
		return errFault
	}
	if err := f.Store.Update(ctx, fn); err != nil {
		return err
	}
	if landed || f.isDead() {
		return errFault
	}
	return nil
}

// draw says how the next update fails, if it does.
func (f *flaky) draw() (lost, landed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.updates++
	if f.dead || f.random == nil {
		return f.dead, false
	}
	return f.random.Float64() < f.lost, f.random.Float64() < f.landed
}

func (f *flaky) isDead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

func (f *flaky) die() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = true
}

func (f *flaky) PendingLanes(ctx context.Context, limit int) ([]store.LaneDue, error) {
	if f.isDead() {
		return nil, errFault
	}
	return f.Store.PendingLanes(ctx, limit)
}

func (f *flaky) Watch(fn func(store.Hint)) (stop func()) {
	if f.deaf {
		return func() {}
	}
	return f.Store.Watch(fn)
}
