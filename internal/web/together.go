package web

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// Together does two things at once, of which neither needs the other, and returns
// when both are done. If the second panics, its caller does, as if it had done it
// itself: so the request fails and the others go on.
func Together(first, second func() error) error {
	var (
		doing    sync.WaitGroup
		err      error
		panicked error
	)
	doing.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				panicked = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			}
		}()
		err = second()
	})
	defer func() {
		doing.Wait() // even if the first panics
		if panicked != nil {
			panic(panicked)
		}
	}()
	firstErr := first()
	doing.Wait()
	return errors.Join(firstErr, err)
}
