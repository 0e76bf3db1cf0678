package commit

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

// maxTries is how often an update is run because something around it went
// wrong.
const maxTries = 5

// A request is one update on its way through a writer.
type request struct {
	update  Update
	taken   atomic.Bool // by the writer, or by the caller who gave up
	tries   int         // how often it has run
	putOff  bool        // it found something locked; it runs first, and waits
	careful bool        // it spoiled a transaction; it runs in a savepoint
	err     error       // of the last run; the answer once done is closed

	panicked string // what it panicked with, and where
	exited   bool   // it ended its goroutine, as testing's FailNow does
	done     chan struct{}
	turn     chan *strand // has its caller run it; may be nil
}

// run runs the update. It does not return when that ends the goroutine.
func (r *request) run(s Session) {
	r.tries++
	r.err, r.panicked, r.exited = nil, "", true
	defer func() {
		if v := recover(); v != nil {
			r.exited = false
			r.panicked = fmt.Sprintf("%v\n\n%s", v, debug.Stack())
			r.err = fmt.Errorf("the update panicked: %v", v)
		}
	}()
	err := r.update.Apply(s)
	r.exited = false
	r.err = err
}

// answer does to the caller what the update came to.
func (r *request) answer() error {
	switch {
	case r.panicked != "":
		panic(r.panicked)
	case r.exited:
		runtime.Goexit()
	}
	return r.err
}

// alone reports whether the request must not run beside others.
func (r *request) alone() bool { return r.putOff || r.careful }

// again reports whether the request is to be run again after a transaction
// that ended with err, and prepares it for that.
func (r *request) again(err error) bool {
	busy := errors.Is(r.err, ErrBusy)
	switch {
	case r.exited || r.panicked != "":
		return false
	case busy: // the next time it runs first and waits: no matter how often
	case err == nil && !transient(r.err):
		return false
	case err != nil && !errors.Is(err, errSpoiled) && !transient(err), r.tries >= maxTries:
		return false
	}
	if r.putOff = busy; busy {
		r.tries--
	}
	r.err = nil
	return true
}

// succeeded returns the updates that left something to commit.
func succeeded(ran []*request) []Update {
	var good []Update
	for _, r := range ran {
		if r.err == nil {
			good = append(good, r.update)
		}
	}
	return good
}

// settle ends the requests of a transaction that ended with err. It answers
// the callers and returns those requests that are to be run again, first
// those that must run alone.
func settle(ran []*request, err error, committed func([]Update)) (again []*request) {
	if err == nil && committed != nil {
		committed(succeeded(ran))
	}
	var others []*request
	for _, r := range ran {
		switch {
		case !r.again(err):
			if err != nil && r.err == nil {
				r.err = fmt.Errorf("commit: %w", err)
			}
			close(r.done)
		case r.alone():
			again = append(again, r)
		default:
			others = append(others, r)
		}
	}
	return append(again, others...)
}
