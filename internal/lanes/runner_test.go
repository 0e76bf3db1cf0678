package lanes_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/lanes"
)

// running starts r with work and stops it when the test ends.
func running(t *testing.T, r *lanes.Runner[string], work lanes.Work[string]) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx, work)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
}

func TestLanesAreWorkedWhenTheyAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		r := lanes.New[string](4, time.Now)
		var mu sync.Mutex
		var got []string
		running(t, r, func(_ context.Context, lane string) time.Time {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, fmt.Sprintf("%s@%v", lane, time.Since(begin)))
			if lane == "twice" && len(got) == 1 {
				return time.Now().Add(5 * time.Second)
			}
			return time.Time{}
		})
		r.Wake("late", begin.Add(time.Hour))
		r.Wake("soon", begin.Add(2*time.Second))
		r.Wake("twice", time.Time{})
		r.Wake("late", begin.Add(3*time.Second)) // sooner than it knew
		r.Wake("soon", begin.Add(time.Minute))   // later than it knows: no matter
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		want := []string{"twice@0s", "soon@2s", "late@3s", "twice@5s"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("worked (-want +got):\n%s", diff)
		}
		if n := r.Waiting(); n != 0 {
			t.Errorf("%d lanes are remembered, want none", n)
		}
	})
}

func TestALaneWokenWhileWorkedIsWorkedOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := lanes.New[string](4, time.Now)
		worked := 0
		running(t, r, func(_ context.Context, lane string) time.Time {
			worked++
			if worked == 1 {
				r.Wake(lane, time.Now().Add(time.Hour))
				r.Wake(lane, time.Time{})
				r.Wake(lane, time.Time{})
				return time.Now().Add(time.Minute)
			}
			return time.Time{}
		})
		r.Wake("a", time.Time{})
		time.Sleep(time.Second)
		synctest.Wait()
		if worked != 2 {
			t.Errorf("worked %d times, want 2", worked)
		}
	})
}

func TestALaneThatIsTakenIsWorkedWhenItIsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := lanes.New[string](2, time.Now)
		if r.Take("a") != nil {
			t.Error("a lane could be taken before anything runs")
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		worked := 0
		go func() {
			defer close(ended)
			r.Run(ctx, func(context.Context, string) time.Time {
				worked++
				return time.Time{}
			})
		}()
		r.Wake("b", time.Now().Add(time.Hour))
		synctest.Wait()
		a, c := r.Take("a"), r.Take("c")
		if a == nil || c == nil {
			t.Fatal("a lane that nobody works could not be taken")
		}
		for _, name := range []string{"a", "b", "d"} {
			if r.Take(name) != nil {
				t.Errorf("%s could be taken: one is taken, one waits, and there is no room for another", name)
			}
		}
		a()
		synctest.Wait()
		if worked != 1 || r.Take("b") != nil {
			t.Errorf("worked %d times, want once", worked)
		}
		r.Wake("c", time.Time{})
		stop()
		synctest.Wait()
		select {
		case <-ended:
			t.Error("Run ended before a lane that was taken was given")
		default:
		}
		if worked != 1 {
			t.Errorf("worked %d times while it was taken, want once", worked)
		}
		c()
		<-ended
		if worked != 2 || r.Take("a") != nil {
			t.Errorf("worked %d times, want what was taken before the stop and no more", worked)
		}
	})
}

func TestNoMoreLanesAtOnceThanAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := lanes.New[string](3, time.Now)
		var at, most, worked atomic.Int32
		running(t, r, func(context.Context, string) time.Time {
			n := at.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(time.Second)
			at.Add(-1)
			worked.Add(1)
			return time.Time{}
		})
		begin := time.Now()
		for i := range 9 {
			r.Wake(fmt.Sprint(i), time.Time{})
		}
		for worked.Load() < 9 {
			time.Sleep(100 * time.Millisecond)
		}
		if got := most.Load(); got != 3 {
			t.Errorf("%d at once, want 3", got)
		}
		if got := time.Since(begin); got > 3100*time.Millisecond {
			t.Errorf("nine seconds of work by three took %v, want 3s", got)
		}
	})
}

func TestALaneBecomesDueWhileAllAreBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		r := lanes.New[string](1, time.Now)
		var got []string
		running(t, r, func(_ context.Context, lane string) time.Time {
			got = append(got, fmt.Sprintf("%s@%v", lane, time.Since(begin)))
			if lane == "long" {
				time.Sleep(3 * time.Second)
			}
			return time.Time{}
		})
		r.Wake("long", time.Time{})
		synctest.Wait()
		r.Wake("b", begin.Add(5*time.Second))
		r.Wake("a", begin.Add(time.Second))
		time.Sleep(time.Minute)
		synctest.Wait()
		want := []string{"long@0s", "a@3s", "b@5s"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("worked (-want +got):\n%s", diff)
		}
	})
}

func TestABusyLaneTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := lanes.New[string](1, time.Now)
		var got []string
		running(t, r, func(_ context.Context, lane string) time.Time {
			got = append(got, lane)
			time.Sleep(time.Millisecond)
			if lane == "endless" && len(got) < 6 {
				return time.Now()
			}
			return time.Time{}
		})
		r.Wake("endless", time.Time{})
		synctest.Wait()
		r.Wake("short", time.Time{})
		time.Sleep(time.Second)
		synctest.Wait()
		want := []string{"endless", "short", "endless", "endless", "endless", "endless"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("worked (-want +got):\n%s", diff)
		}
	})
}

func TestRunWaitsForWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := lanes.New[string](2, time.Now)
		ctx, stop := context.WithCancel(t.Context())
		finished := false
		r.Wake("a", time.Time{})
		time.AfterFunc(time.Second, stop)
		r.Run(ctx, func(context.Context, string) time.Time {
			time.Sleep(time.Minute)
			finished = true
			r.Wake("b", time.Time{})
			return time.Now()
		})
		if !finished {
			t.Error("Run returned before its work")
		}
		if got := r.Waiting(); got != 2 {
			t.Errorf("%d lanes are left for the next Run, want 2", got)
		}
	})
}

// TestManyLanesAtRandom wakes lanes from several goroutines and checks that
// none is worked by two at once and that every wake is followed by work.
func TestManyLanesAtRandom(t *testing.T) {
	before := runtime.NumGoroutine()
	r := lanes.New[int](8, time.Now)
	var busy, woken, seen [50]atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx, func(_ context.Context, lane int) time.Time {
			if busy[lane].Add(1) != 1 {
				t.Errorf("lane %d is worked by two", lane)
			}
			seen[lane].Store(woken[lane].Load())
			busy[lane].Add(-1)
			return time.Time{}
		})
	}()
	var wakers sync.WaitGroup
	for w := range 4 {
		wakers.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(w)))
			for range 5000 {
				lane := random.IntN(len(woken))
				woken[lane].Add(1)
				r.Wake(lane, time.Time{})
			}
		})
	}
	wakers.Wait()
	for r.Waiting() > 0 {
		runtime.Gosched()
	}
	for lane := range woken {
		if got, want := seen[lane].Load(), woken[lane].Load(); got != want {
			t.Errorf("lane %d was last worked at wake %d of %d", lane, got, want)
		}
	}
	stop()
	<-done
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
}

func BenchmarkWakeToWork(b *testing.B) {
	r := lanes.New[int](16, time.Now)
	worked := make(chan struct{})
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx, func(context.Context, int) time.Time {
			worked <- struct{}{}
			return time.Time{}
		})
	}()
	b.ReportAllocs()
	for b.Loop() {
		r.Wake(1, time.Time{})
		<-worked
	}
	stop()
	<-done
}
