package commit

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

var errCircle = errors.New("updates wait for each other")

// A shared is a PostgreSQL transaction in which many updates run at the same
// time. When all of them wait for an answer, all their questions are sent in
// one go: a round for many instead of a round for each.
//
// The updates share the transaction's locks, so what one of them holds is
// kept here as well, and the others wait for its end. They also see what the
// others wrote before it is committed; that does no harm, because an update
// that fails after it wrote spoils the transaction for all, and then they run
// one after the other.
type shared struct {
	carrier *pgCarrier
	running sync.WaitGroup // updates that have begun

	// mu guards the rest, and the carrier's statements, while updates run. It
	// is held for a few assignments.
	mu      sync.Mutex
	still   sync.Cond // told when no update can go on by itself: parked == active
	active  int       // updates under way
	parked  int       // of which so many wait
	asking  []*strand // for an answer
	moment  int       // counts questions and releases
	holders map[string]*strand
	queues  map[string][]*strand // who waits for a holder
	freed   map[string]int       // the moment of the last release
	broken  error
}

func newShared(c *pgCarrier) *shared {
	sh := &shared{carrier: c}
	sh.still.L = &sh.mu
	return sh
}

// A strand is the session of one update in a shared transaction.
type strand struct {
	shared  *shared
	request *request
	waiting []pgStatement
	doubts  bool // like the carrier's
	dirty   bool // something written waits
	wrote   bool // something written was handed over
	asked   int  // the moment of the last question
	held    []string
	wake    chan error
}

// fill runs requests, in a transaction that has begun. next returns the next
// until it returns nil; it is asked again after each round.
func (sh *shared) fill(next func() *request) error {
	sh.holders, sh.queues, sh.freed = make(map[string]*strand), make(map[string][]*strand), make(map[string]int)
	sh.broken, sh.moment = nil, 0
	for sh.whole() {
		for r := next(); r != nil; r = next() {
			sh.admit(r)
		}
		if !sh.round() {
			break
		}
	}
	sh.running.Wait()
	return sh.broken
}

// whole reports whether the transaction can still be committed.
func (sh *shared) whole() bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.broken == nil
}

func (sh *shared) admit(r *request) {
	sh.mu.Lock()
	sh.active++
	sh.mu.Unlock()
	sh.running.Add(1)
	r.turn <- &strand{shared: sh, request: r, wake: make(chan error, 1)}
}

// run runs the update, on its caller's goroutine.
func (s *strand) run() {
	defer s.shared.running.Done()
	defer s.end(s.request) // even if the update ends the goroutine
	s.request.run(s)
}

// round waits until no update can go on by itself and asks what they ask. It
// returns false when all have ended.
func (sh *shared) round() bool {
	sh.mu.Lock()
	for sh.parked != sh.active {
		sh.still.Wait()
	}
	asking, active, err := sh.asking, sh.active, sh.broken
	sh.asking = nil
	sh.mu.Unlock()
	if active == 0 {
		return false
	}
	// All updates stand still: nobody else touches the carrier.
	if err == nil && len(asking) == 0 {
		err = errCircle // unreachable unless updates lock against the order
	}
	if err == nil {
		err = sh.carrier.send(nil) // marks who spoils it
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if err != nil {
		sh.spoil(err)
	}
	for _, s := range asking {
		sh.rouse(s, sh.broken)
	}
	return true
}

// rouse lets a parked update go on.
func (sh *shared) rouse(s *strand, err error) {
	sh.parked--
	s.wake <- err // has room: it is parked for one thing only
}

// spoil ends the transaction for all its updates.
func (sh *shared) spoil(err error) {
	if sh.broken == nil {
		sh.broken = fmt.Errorf("%w: %w", errSpoiled, err)
	}
	for key, queue := range sh.queues {
		for _, s := range queue {
			sh.rouse(s, sh.broken)
		}
		delete(sh.queues, key)
	}
}

// park counts an update as waiting; it then waits for its wake.
func (sh *shared) park() {
	sh.parked++
	sh.look()
}

func (sh *shared) look() {
	if sh.parked == sh.active {
		sh.still.Signal()
	}
}

// handOver gives the strand's statements to the carrier.
func (s *strand) handOver() {
	c := s.shared.carrier
	for i := range s.waiting {
		s.waiting[i].of = s.request
	}
	c.waiting = append(c.waiting, s.waiting...)
	c.doubts = c.doubts || s.doubts
	s.wrote = s.wrote || s.dirty
	s.waiting, s.doubts, s.dirty = s.waiting[:0], false, false
}

// ask waits for the answers to all the strand's statements.
func (s *strand) ask() error {
	sh := s.shared
	sh.mu.Lock()
	if err := sh.broken; err != nil {
		sh.mu.Unlock()
		return err
	}
	s.handOver()
	sh.moment++
	s.asked = sh.moment
	sh.asking = append(sh.asking, s)
	sh.park()
	sh.mu.Unlock()
	return <-s.wake
}

// end ends the update's part in the transaction.
func (s *strand) end(r *request) {
	sh := s.shared
	sh.mu.Lock()
	defer sh.mu.Unlock()
	switch failed := r.err != nil || r.exited; {
	case !failed && sh.broken == nil:
		s.handOver()
	case failed && s.wrote:
		r.careful = true
		sh.spoil(errors.New("an update failed after it wrote"))
	}
	for _, key := range s.held {
		s.free(key)
	}
	sh.active--
	sh.look()
}

// free passes what the strand holds on to who waits for it.
func (s *strand) free(key string) {
	sh := s.shared
	sh.moment++
	sh.freed[key] = sh.moment
	queue := sh.queues[key]
	if len(queue) == 0 {
		delete(sh.holders, key)
		return
	}
	heir := queue[0]
	sh.queues[key] = queue[1:]
	sh.holders[key] = heir
	heir.held = append(heir.held, key)
	sh.rouse(heir, nil)
}

func (s *strand) Hold(key string) (again bool, err error) {
	sh := s.shared
	sh.mu.Lock()
	if s.take(key) {
		defer sh.mu.Unlock()
		return sh.freed[key] > s.asked, sh.broken
	}
	sh.queues[key] = append(sh.queues[key], s)
	sh.park()
	sh.mu.Unlock()
	return true, <-s.wake
}

// NoWait is true: the transaction may hold locks already.
func (s *strand) NoWait() bool { return true }

func (s *strand) Try(key string) bool {
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	return s.take(key)
}

// take reports whether the strand holds key, now or already.
func (s *strand) take(key string) bool {
	switch s.shared.holders[key] {
	case nil:
		s.shared.holders[key] = s
		s.held = append(s.held, key)
		return true
	case s:
		return true
	}
	return false
}

func (s *strand) Query(_ context.Context, what Op, text string, args []any, each func(Row) error) error {
	s.waiting = append(s.waiting, queryStatement(what, text, args, each))
	return s.ask()
}

func (s *strand) Change(ctx context.Context, what Op, text string, args []any, each func(Row) error) error {
	s.dirty = true
	return s.Query(ctx, what, text, args, each)
}

func (s *strand) Write(_ context.Context, what Op, text string, args []any, done func(int64) error) error {
	s.dirty, s.doubts = true, s.doubts || done != nil
	s.waiting = append(s.waiting, writeStatement(what, text, args, done))
	return nil
}

func (s *strand) Insert(_ context.Context, what Op, text string, args []any, done func(int64)) error {
	s.dirty = true
	s.waiting = append(s.waiting, insertStatement(what, text, args, done))
	return nil
}

func (s *strand) Flush(context.Context) error {
	if len(s.waiting) == 0 {
		return nil
	}
	return s.ask()
}
