package offering_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/upkeep/offering"
)

// A desk notes when it is swept.
type desk struct {
	begun time.Time
	swept []time.Duration
	next  time.Duration // from a sweep until something is due; 0 for never
	wake  func()
	gone  bool
}

func (d *desk) Sweep(context.Context) (next time.Time, err error) {
	d.swept = append(d.swept, time.Since(d.begun))
	if d.next > 0 {
		next = time.Now().Add(d.next)
	}
	if len(d.swept) == 2 {
		err = errors.New("no database")
	}
	return next, err
}

func (d *desk) Wake(wake func()) func() {
	d.wake = wake
	return func() { d.gone = true }
}

// run runs it for a time, in which things happen.
func run(t *testing.T, next, whole time.Duration, happens func(d *desk)) (d *desk) {
	synctest.Test(t, func(t *testing.T) {
		d = &desk{begun: time.Now(), next: next}
		ctx, cancel := context.WithTimeout(t.Context(), whole)
		defer cancel()
		done := make(chan error)
		go func() { done <- offering.New(d, offering.Options{}).Run(ctx) }()
		synctest.Wait()
		happens(d)
		if err := <-done; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	if !d.gone {
		t.Error("it still watches")
	}
	return d
}

func TestSweepsAtIntervalsAlsoAfterAFailure(t *testing.T) {
	d := run(t, 0, 16*time.Second, func(*desk) {})
	if len(d.swept) != 4 {
		t.Errorf("swept at %v, want four times in 16 s", d.swept)
	}
}

func TestSweepsWhenSomethingIsDue(t *testing.T) {
	d := run(t, 2*time.Second, 5*time.Second, func(*desk) {})
	if len(d.swept) != 3 {
		t.Errorf("swept at %v, want three times in 5 s", d.swept)
	}
}

// A hint is followed in a fraction of a second, and thousands of them by few
// sweeps.
func TestHintsAreFollowedAtOnceAndTogether(t *testing.T) {
	d := run(t, 0, 4900*time.Millisecond, func(d *desk) {
		time.Sleep(time.Second)
		time.Sleep(time.Second)
		for range 1000 {
			d.wake()
		}
		time.Sleep(time.Second)
		d.wake()
	})
	if len(d.swept) != 4 || d.swept[1] != 2*time.Second || d.swept[2] > 2300*time.Millisecond || d.swept[3] != 3*time.Second {
		t.Errorf("swept at %v", d.swept)
	}
}
