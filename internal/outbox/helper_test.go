package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/lanes"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

var errFault = errors.New("injected fault")

// A fault is how one call of Slack goes wrong, or right.
type fault int

const (
	fine        fault = iota
	lost              // never arrived; nobody knows
	landed            // arrived; nobody knows
	panicLost         // the sender panicked before it arrived
	panicLanded       // and after
	hangLost          // no answer until the deadline, and it had not arrived
	hangLanded        // and it had
	limited           // Slack said when to try again
	broken            // Slack said no, but not for good
	refused           // for good
	faults
)

// slack is what Slack remembers, and what goes wrong with it.
type slack struct {
	mu     sync.Mutex // guards all
	posts  map[desk.Lane][]string
	ts     map[string]string // by correlation id: what we call a receipt
	plan   func(d desk.Delivery, try int) fault
	tries  map[string]int
	sends  []call
	looks  []call
	gone   map[desk.DeliveryID]bool // never to land: refused
	budget func(d desk.Delivery) []pace.Bucket
	look   func(d desk.Delivery, n int) *desk.Verdict // replaces what Look finds
	parts  int
}

// A call is one Send or Look.
type call struct {
	id string
	at time.Time
}

func newSlack() *slack {
	return &slack{
		posts: make(map[desk.Lane][]string), ts: make(map[string]string), tries: make(map[string]int),
		gone: make(map[desk.DeliveryID]bool),
	}
}

// post is d arriving.
func (s *slack) post(d desk.Delivery) string {
	id := d.Correlation()
	s.ts[id] = "ts" + id
	s.posts[d.Lane] = append(s.posts[d.Lane], id)
	return s.ts[id]
}

func (s *slack) posted(lane desk.Lane) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts[lane])
}

func (s *slack) calls() (sends, looks []call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sends), slices.Clone(s.looks)
}

// A sender is one process's way to slack. A dead one's calls arrive no more.
type sender struct {
	*slack
	dead bool // guarded by slack.mu
}

func (s *sender) Budget(d desk.Delivery) []pace.Bucket {
	if s.budget == nil {
		return nil
	}
	return s.budget(d)
}

func (s *sender) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	f := s.begin(d)
	if f == hangLost || f == hangLanded {
		<-ctx.Done()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return desk.Verdict{}
	}
	switch f {
	case panicLost:
		panic("lost")
	case panicLanded:
		s.post(d)
		panic("landed")
	case lost, hangLost:
		return desk.Verdict{Kind: desk.Unknown, Reason: "timeout"}
	case landed, hangLanded:
		s.post(d)
		return desk.Verdict{Kind: desk.Unknown, Reason: "timeout"}
	case limited:
		return desk.Verdict{Kind: desk.Retry, At: time.Now().Add(2 * time.Millisecond), Hold: "method", Reason: "ratelimited"}
	case broken:
		return desk.Verdict{Kind: desk.Retry, Reason: "internal_error"}
	case refused:
		s.gone[d.ID] = true
		return desk.Verdict{Kind: desk.Refused, Reason: "is_archived"}
	}
	return desk.Verdict{Kind: desk.Sent, Receipt: s.post(d), More: d.Part+1 < s.parts}
}

func (s *sender) begin(d desk.Delivery) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := d.Correlation()
	s.sends = append(s.sends, call{id, time.Now()})
	n := s.tries[id]
	s.tries[id]++
	if s.plan == nil {
		return fine
	}
	return s.plan(d, n)
}

func (s *sender) Look(_ context.Context, d desk.Delivery) desk.Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := d.Correlation()
	s.looks = append(s.looks, call{id, time.Now()})
	if s.look != nil {
		if v := s.look(d, len(s.looks)); v != nil {
			return *v
		}
	}
	if ts, ok := s.ts[id]; ok {
		return desk.Verdict{Kind: desk.Sent, Receipt: ts, More: d.Part+1 < s.parts}
	}
	return desk.Verdict{Kind: desk.Retry, Reason: "not there"}
}

// ledger is what Settled was told.
type ledger struct {
	mu    sync.Mutex // guards told and fail
	told  []string
	fail  func(d desk.Delivery, v desk.Verdict, n int) error
	calls int
}

func (l *ledger) settled(ctx context.Context, tx store.Tx, d desk.Delivery, v desk.Verdict) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	if err := tx.NotePerson(ctx, desk.PersonID(fmt.Sprintf("%s %s", d.Correlation(), v.Kind))); err != nil {
		return err
	}
	if l.fail != nil {
		if err := l.fail(d, v, l.calls); err != nil {
			return err
		}
	}
	if say := fmt.Sprintf("%s %s", d.Correlation(), v.Kind); !slices.Contains(l.told, say) { // an update may run twice
		l.told = append(l.told, say)
	}
	return nil
}

func (l *ledger) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.told)
}

// quick are options for tests that wait in real time. No claim runs out
// because the machine is slow.
func quick() outbox.Options {
	return outbox.Options{
		TryTimeout: 20 * time.Millisecond,
		Grace:      time.Hour,
		LookAfter:  2 * time.Millisecond,
		Drain:      100 * time.Millisecond,
		Poll:       5 * time.Millisecond,
		Backoff:    lanes.Backoff{First: time.Millisecond, Max: 4 * time.Millisecond},
	}
}

// brief is quick with claims that run out, for tests in which that matters,
// or must not matter.
func brief() outbox.Options {
	o := quick()
	o.Grace = 60 * time.Millisecond
	return o
}

// enqueue adds n deliveries to a lane and returns them.
func enqueue(t testing.TB, s store.Store, lane desk.Lane, n int) []desk.Delivery {
	t.Helper()
	all := make([]desk.Delivery, n)
	if err := s.Update(t.Context(), queueing(t, lane, all)); err != nil {
		t.Fatal(err)
	}
	return all
}

// queueing is an update that adds deliveries to a lane, and tells all of them.
func queueing(t testing.TB, lane desk.Lane, all []desk.Delivery) func(store.Tx) error {
	return func(tx store.Tx) error {
		for i := range all {
			all[i] = desk.Delivery{
				Lane: lane, Kind: desk.DeliverNotice, Place: "T1/C1", State: desk.DeliveryPending,
				Content: desk.Content{Text: "secret words"}, CreatedAt: time.Now(),
			}
			if err := tx.Enqueue(t.Context(), &all[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// ids returns the correlation ids of deliveries of so many parts.
func ids(parts int, all []desk.Delivery) []string {
	var ids []string
	for _, d := range all {
		for d.Part = range parts {
			ids = append(ids, d.Correlation())
		}
	}
	return ids
}

// stored returns the delivery as the database has it.
func stored(t testing.TB, s store.Store, id desk.DeliveryID) desk.Delivery {
	t.Helper()
	d, err := s.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
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

// run runs o and returns what stops it and waits for its end.
func run(t testing.TB, o *outbox.Outbox) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// empty reports whether no lane has an open delivery.
func empty(t testing.TB, s store.Store) bool {
	t.Helper()
	open, err := s.OpenLanes(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return len(open) == 0
}

// eventually waits until ok, or fails the test.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
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

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 11)) }

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

func (f *flaky) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.updates
}

func (f *flaky) OpenLanes(ctx context.Context, limit int) ([]store.LaneDue, error) {
	if f.isDead() {
		return nil, errFault
	}
	return f.Store.OpenLanes(ctx, limit)
}

func (f *flaky) Watch(fn func(store.Hint)) (stop func()) {
	if f.deaf {
		return func() {}
	}
	return f.Store.Watch(fn)
}
