package inbox_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/inbox"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// BenchmarkAccept takes in events of 200 lanes on a database file, each stored
// and applied (a case locked, an entry appended, the case saved) and committed
// before it is answered.
func BenchmarkAccept(b *testing.B) {
	nothing := func(context.Context, store.Tx, desk.Event) error { return nil }
	for _, bench := range []struct {
		name  string
		apply inbox.Apply
	}{{"recorded", record}, {"only-kept", nothing}} {
		for _, senders := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%s/senders=%d", bench.name, senders), func(b *testing.B) {
				benchAccept(b, bench.apply, senders)
			})
		}
	}
}

func benchAccept(b *testing.B, apply inbox.Apply, senders int) {
	s := storetest.Open(b, storetest.SQLiteURL(b))
	const cases = 200
	for n := range cases {
		storetest.AddCase(b, s, n)
	}
	in := inbox.New(s, apply, inbox.Options{})
	before := s.Stats()
	var next atomic.Int64
	var all sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	begin := time.Now()
	for range senders {
		all.Go(func() {
			for {
				i := int(next.Add(1))
				if i > b.N {
					return
				}
				if _, err := in.Accept(b.Context(), event(i%cases, i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	took := time.Since(begin)
	b.StopTimer()
	after := s.Stats()
	b.ReportMetric(float64(b.N)/took.Seconds(), "events/s")
	b.ReportMetric(float64(after.Commits-before.Commits)/float64(b.N), "commits/event")
}
