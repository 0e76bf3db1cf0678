package commit

import (
	"context"
	"sync"
)

// queueRoom is how many updates wait before callers wait to be let in.
const queueRoom = 1024

// A queue is where updates wait for a writer.
type queue struct {
	mu     sync.RWMutex // guards closed against sending; held while sending
	closed bool
	ch     chan *request

	together bool // updates run at the same time
}

func newQueue() *queue { return &queue{ch: make(chan *request, queueRoom)} }

// close lets the writers finish what waits and takes no more.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.ch)
	}
}

func (q *queue) send(ctx context.Context, r *request) error {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return errClosed
	}
	select {
	case q.ch <- r:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// update runs an update in some writer's next transaction and returns its
// answer. Where updates run at the same time each runs here, on its caller's
// goroutine, when the writer says so.
func (q *queue) update(ctx context.Context, u Update) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r := &request{update: u, done: make(chan struct{})}
	if q.together {
		r.turn = make(chan *strand)
	}
	if err := q.send(ctx, r); err != nil {
		return err
	}
	givenUp := ctx.Done()
	for {
		select {
		case <-r.done:
			return r.answer()
		case s := <-r.turn:
			s.run()
		case <-givenUp:
			if r.taken.CompareAndSwap(false, true) {
				return context.Cause(ctx) // it never ran
			}
			givenUp = nil // it runs or is being committed: only the answer is the truth
		}
	}
}

// next waits for a request; nil when the queue is closed and empty.
func (q *queue) next() *request {
	for r := range q.ch {
		if r.taken.CompareAndSwap(false, true) {
			return r
		}
	}
	return nil
}

// waiting returns a request that waits already, or nil.
func (q *queue) waiting() *request {
	for {
		select {
		case r := <-q.ch:
			if r == nil || r.taken.CompareAndSwap(false, true) {
				return r // nil: closed and empty
			}
		default:
			return nil
		}
	}
}
