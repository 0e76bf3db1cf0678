package lanes

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Work works one lane and returns when it is to be worked again; the zero
// time means not before it is woken.
type Work[L comparable] func(ctx context.Context, lane L) (again time.Time)

// A Runner works lanes. Make one with [New].
type Runner[L comparable] struct {
	bound int
	now   func() time.Time
	look  chan struct{} // tells Run that the soonest lane may have changed

	mu      sync.Mutex // guards what follows; held for a few map and heap steps
	lanes   map[L]*lane[L]
	waiting waiting[L]
	working int
	run     func(*lane[L]) // works a lane and what is due after it; nil when nothing is to be begun
	crew    sync.WaitGroup // of those that work, and of takers
}

// A lane is one that waits or is being worked.
type lane[L comparable] struct {
	name    L
	due     time.Time
	index   int // in waiting; -1 while it is being worked
	woken   bool
	wokenTo time.Time // while it is being worked: when to work it again
}

// New returns a Runner that works at most bound lanes at once. now tells the
// time and must keep pace with timers.
func New[L comparable](bound int, now func() time.Time) *Runner[L] {
	return &Runner[L]{
		bound: max(bound, 1),
		now:   now,
		look:  make(chan struct{}, 1),
		lanes: make(map[L]*lane[L]),
	}
}

// Wake sees to it that the lane is worked at the time at, or sooner if it
// waits for something sooner; the zero time is now. It returns at once, and
// may be called before Run, whose first deed it then is.
func (r *Runner[L]) Wake(name L, at time.Time) {
	if at.IsZero() {
		at = r.now()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l, known := r.lanes[name]
	switch {
	case !known:
		l = &lane[L]{name: name}
		r.lanes[name] = l
		r.wait(l, at)
	case l.index < 0:
		if !l.woken || at.Before(l.wokenTo) {
			l.woken, l.wokenTo = true, at
		}
	case at.Before(l.due):
		heap.Remove(&r.waiting, l.index)
		r.wait(l, at)
	}
}

// Take takes a lane that neither waits nor is worked, so that nobody works it
// while something is done that it is to be worked for; give has it worked at
// once. Whoever takes a lane calls give once, soon: Run returns only after it.
// There is no give when there is no room for one more lane, or Run does not
// run.
func (r *Runner[L]) Take(name L) (give func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.lanes[name]; known || r.run == nil || r.working == r.bound {
		return nil
	}
	l := &lane[L]{name: name, index: -1}
	r.lanes[name] = l
	r.working++
	r.crew.Add(1)
	run := r.run
	return func() {
		r.crew.Go(func() { run(l) })
		r.crew.Done()
	}
}

// Waiting returns how many lanes wait or are being worked.
func (r *Runner[L]) Waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.lanes)
}

// Run works lanes until ctx is done, and returns when the last work has. Work
// gets ctx; it must not panic.
func (r *Runner[L]) Run(ctx context.Context, work Work[L]) {
	defer r.crew.Wait()
	r.begin(func(l *lane[L]) {
		for l != nil {
			l = r.finish(ctx, l, work(ctx, l.name))
		}
	})
	defer r.begin(nil)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.look:
		case <-timer.C:
		}
		if wait, any := r.start(); any {
			timer.Reset(wait)
		} else {
			timer.Stop()
		}
	}
}

// begin says how lanes are worked from now on.
func (r *Runner[L]) begin(run func(*lane[L])) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run = run
}

// start sets lanes that are due to work, as many as may be. If there is room
// for more, it returns how long until the next is due; if there is not, the
// worker that ends will look.
func (r *Runner[L]) start() (wait time.Duration, any bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.working < r.bound {
		l := r.next()
		if l == nil {
			break
		}
		r.working++
		run := r.run
		r.crew.Go(func() { run(l) })
	}
	if r.working == r.bound || len(r.waiting) == 0 {
		return 0, false
	}
	return r.waiting[0].due.Sub(r.now()), true
}

// finish puts a worked lane back, or forgets it, and returns the next one that
// is due: a worker that is busy anyway is quicker than a new one.
func (r *Runner[L]) finish(ctx context.Context, l *lane[L], again time.Time) *lane[L] {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l.woken && (again.IsZero() || l.wokenTo.Before(again)) {
		again = l.wokenTo
	}
	l.woken = false
	if again.IsZero() {
		delete(r.lanes, l.name)
	} else {
		r.wait(l, again)
	}
	if ctx.Err() == nil {
		if n := r.next(); n != nil {
			return n
		}
	}
	r.working--
	r.tell()
	return nil
}

// wait queues l until due.
func (r *Runner[L]) wait(l *lane[L], due time.Time) {
	l.due = due
	heap.Push(&r.waiting, l)
	if l.index == 0 {
		r.tell()
	}
}

// next takes the soonest lane, if it is due.
func (r *Runner[L]) next() *lane[L] {
	if len(r.waiting) == 0 || r.waiting[0].due.After(r.now()) {
		return nil
	}
	return heap.Pop(&r.waiting).(*lane[L])
}

func (r *Runner[L]) tell() {
	select {
	case r.look <- struct{}{}:
	default: // it will look anyway
	}
}

// waiting is a heap, the soonest lane first.
type waiting[L comparable] []*lane[L]

func (w waiting[L]) Len() int           { return len(w) }
func (w waiting[L]) Less(i, j int) bool { return w[i].due.Before(w[j].due) }

func (w waiting[L]) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].index, w[j].index = i, j
}

func (w *waiting[L]) Push(x any) {
	l := x.(*lane[L])
	l.index = len(*w)
	*w = append(*w, l)
}

func (w *waiting[L]) Pop() any {
	last := len(*w) - 1
	l := (*w)[last]
	(*w)[last] = nil
	*w = (*w)[:last]
	l.index = -1
	return l
}
