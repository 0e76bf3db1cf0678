package feed

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// silent is a store of which only hints matter.
type silent struct{ store.Store }

func (silent) Watch(func(store.Hint)) (stop func()) { return func() {} }

func (silent) ChangedCases(context.Context, time.Time, int) ([]store.CaseChange, error) {
	return nil, nil
}

// BenchmarkFanOut tells subscribers of one change at a time and waits until
// all have heard it.
func BenchmarkFanOut(b *testing.B) {
	for _, subscribers := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("subscribers=%d", subscribers), func(b *testing.B) {
			f := New(silent{}, Options{Rest: time.Nanosecond})
			ctx, stop := context.WithCancel(b.Context())
			var all sync.WaitGroup
			all.Go(func() { _ = f.Run(ctx) })
			heard := make(chan struct{}, subscribers)
			for range subscribers {
				sub := f.Subscribe()
				all.Go(func() {
					for {
						if _, err := sub.Next(ctx); err != nil {
							return
						}
						heard <- struct{}{}
					}
				})
			}
			revision := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				revision++
				f.hint(store.Hint{Cases: []store.CaseHint{{Case: "case-1", Seq: revision, Revision: revision}}})
				for range subscribers {
					<-heard
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*subscribers), "ns/subscriber")
			stop()
			all.Wait()
		})
	}
}

// BenchmarkBusy tells a thousand subscribers of 5,000 changes a second, as
// many as should come in, and reports what that takes of one processor and
// how many calls of Next it came to.
func BenchmarkBusy(b *testing.B) {
	const subscribers, rate, cases = 1000, 5000, 500
	f := New(silent{}, Options{})
	ctx, stop := context.WithCancel(b.Context())
	var all sync.WaitGroup
	all.Go(func() { _ = f.Run(ctx) })
	var calls, changes atomic.Int64
	for range subscribers {
		sub := f.Subscribe()
		all.Go(func() {
			for {
				heard, err := sub.Next(ctx)
				if err != nil {
					return
				}
				calls.Add(1)
				changes.Add(int64(len(heard)))
			}
		})
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	n := 0
	for b.Loop() { // one is a tick's worth of changes
		<-tick.C
		for range rate / 100 {
			n++
			f.hint(store.Hint{Cases: []store.CaseHint{{Case: desk.CaseID(fmt.Sprint(n % cases)), Seq: int64(n), Revision: int64(n)}}})
		}
	}
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(calls.Load())/seconds, "calls/s")
	b.ReportMetric(float64(changes.Load())/float64(n)/subscribers, "heard/change")
	stop()
	all.Wait()
}

// BenchmarkIdleSubscriber reports what one more subscriber takes, besides the
// goroutine that waits in Next.
func BenchmarkIdleSubscriber(b *testing.B) {
	f := New(silent{}, Options{})
	subs := make([]*Subscription, 0, 100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range cap(subs) {
		subs = append(subs, f.Subscribe())
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(subs)), "B/subscriber")
	runtime.KeepAlive(subs)
}
