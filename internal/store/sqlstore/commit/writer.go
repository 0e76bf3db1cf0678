package commit

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Bounds of what one commit takes, so that the first who waits does not wait
// long for the last.
const (
	maxBatch  = 128
	batchTime = 5 * time.Millisecond
)

// A carrier is a connection that carries updates, many in one transaction.
// Its context serves many callers, so no one of them can end it.
type carrier interface {
	Session
	begin(ctx context.Context) error
	// patient sets whether the next update may wait for locks.
	patient(may bool)
	// mark says that the next update begins.
	mark()
	// drop forgets what has been written since mark. It returns false when
	// that cannot be undone without a savepoint.
	drop() bool
	// save, release and undo are the savepoint of an update.
	save(ctx context.Context) error
	release(ctx context.Context) error
	undo(ctx context.Context) error
	// commit ends the transaction for good, rollback leaves nothing of it.
	commit(ctx context.Context) error
	rollback(ctx context.Context)
}

// A writer runs updates, those that wait together in one transaction.
//
// Savepoints cost a tenth of an update, and few updates fail after they wrote
// something. So one that does spoils the transaction for all. They are run
// again, in the end in a careful transaction: there each has a savepoint of
// its own, and nobody can spoil it.
//
// Only the first update of a transaction waits for locks: while a transaction
// holds some, waiting for more could go round in a circle. An update that
// finds something locked is put off to the next transaction, as its first.
type writer struct {
	options Options
	conn    carrier
	gate    *sync.RWMutex // may be nil; held for writing during a transaction
	queue   *queue
	shared  *shared // may be nil; how updates run at the same time

	again   []*request // to be run in the next transaction, before all others
	ran     []*request // in the transaction under way
	careful bool       // is the transaction under way
}

// run commits what waits until the queue is closed and empty. Should an
// update end the goroutine, it goes on in another.
func (w *writer) run(ended *sync.WaitGroup) {
	finished := false
	defer func() {
		if !finished {
			ended.Go(func() { w.run(ended) })
		}
	}()
	for {
		first := w.following(w.queue.next)
		if first == nil {
			break
		}
		w.transact(first)
	}
	finished = true
}

// following returns the request whose turn it is.
func (w *writer) following(queued func() *request) *request {
	if len(w.again) == 0 {
		return queued()
	}
	r := w.again[0]
	w.again = w.again[1:]
	return r
}

// transact runs first and whatever else waits, commits and answers.
func (w *writer) transact(first *request) {
	ctx := context.Background()
	if w.gate != nil {
		w.gate.Lock()
	}
	defer func() {
		if n := len(w.ran); n > 0 && w.ran[n-1].exited { // the goroutine is ending
			w.rollback(ctx)
			w.end(errSpoiled)
		}
	}()
	err := w.fill(ctx, first)
	if err == nil {
		err = w.options.ending(ctx, w.conn, w.ran)
	}
	if err == nil {
		err = w.conn.commit(ctx)
	}
	if err != nil {
		w.rollback(ctx)
	}
	w.end(err)
}

func (w *writer) rollback(ctx context.Context) {
	w.conn.rollback(ctx)
	w.options.undone()
}

// end answers the updates of the transaction, or keeps them for the next.
func (w *writer) end(err error) {
	if w.gate != nil {
		w.gate.Unlock()
	}
	w.again = append(settle(w.ran, err, w.options.Committed), w.again...)
	clear(w.ran)
	w.ran = w.ran[:0]
}

// fill runs first and what waits in one transaction. An error means that the
// transaction cannot be committed.
func (w *writer) fill(ctx context.Context, first *request) error {
	w.ran = append(w.ran, first)
	if err := w.conn.begin(ctx); err != nil {
		return err
	}
	if err := w.options.began(ctx, w.conn); err != nil {
		return err
	}
	w.careful = w.mustBeCareful(first)
	until := w.options.Now().Add(batchTime)
	for r := first; r != nil; r = w.admit(until) {
		if w.shared != nil && !w.careful && !r.alone() {
			return w.together(r, until)
		}
		if err := w.one(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// mustBeCareful reports whether an update has been spoiled often enough.
// Where updates run at the same time, those that spoil are first tried alone.
func (w *writer) mustBeCareful(first *request) bool {
	enough := 1
	if w.shared != nil {
		enough = 2
	}
	return first.tries >= enough || slices.ContainsFunc(w.again, func(r *request) bool { return r.tries >= enough })
}

// admit takes one more request into the transaction, or returns nil when none
// waits or the transaction has been going on for long enough.
func (w *writer) admit(until time.Time) *request {
	if len(w.ran) >= maxBatch || w.options.Now().After(until) {
		return nil
	}
	r := w.following(w.queue.waiting)
	if r != nil {
		w.ran = append(w.ran, r)
	}
	return r
}

// together runs first and what waits at the same time.
func (w *writer) together(first *request, until time.Time) error {
	return w.shared.fill(func() *request {
		r := first
		if first = nil; r == nil {
			r = w.admit(until)
		}
		return r
	})
}

// one runs one update.
func (w *writer) one(ctx context.Context, r *request) error {
	w.conn.patient(len(w.ran) == 1)
	if w.careful || r.careful {
		return w.oneCarefully(ctx, r)
	}
	w.conn.mark()
	r.run(w.conn)
	if r.err != nil && (transient(r.err) || !w.conn.drop()) {
		r.careful = true
		return errSpoiled
	}
	return nil
}

// oneCarefully runs one update in a savepoint.
func (w *writer) oneCarefully(ctx context.Context, r *request) error {
	if err := w.conn.save(ctx); err != nil {
		return err
	}
	r.run(w.conn)
	if r.err == nil {
		r.err = w.conn.release(ctx)
	}
	if r.err == nil {
		return nil
	}
	w.options.undone()
	if err := w.conn.undo(ctx); err != nil {
		return errors.Join(r.err, err) // the database ended the transaction: the disk is full, say
	}
	return nil
}
