package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// reporting is a Sender that says when it was called.
type reporting struct{ called chan time.Time }

func (r *reporting) Budget(d desk.Delivery) []pace.Bucket {
	return []pace.Bucket{{Key: "T1/chat.postMessage"}, {Key: "T1/post/" + string(d.Place)}, {Key: "T1/post"}}
}

func (r *reporting) Send(context.Context, desk.Delivery) desk.Verdict {
	r.called <- time.Now()
	return desk.Verdict{Kind: desk.Sent, Receipt: "ts"}
}

func (r *reporting) Look(context.Context, desk.Delivery) desk.Verdict { return desk.Verdict{} }

func ignore(context.Context, store.Tx, desk.Delivery, desk.Verdict) error { return nil }

// BenchmarkHintToSend is the way from the commit of a delivery to the call of
// Send, one at a time, on a database file: what the claim's commit takes, and
// the overhead.
func BenchmarkHintToSend(b *testing.B) {
	for _, url := range []string{"sqlite::memory:", storetest.SQLiteURL(b)} {
		b.Run(url[:8], func(b *testing.B) {
			s := storetest.Open(b, url)
			r := &reporting{called: make(chan time.Time)}
			run(b, outbox.New(s, r, ignore, outbox.Options{}))
			var took []time.Duration
			hinted := make(chan time.Time, 10)
			stop := s.Watch(func(h store.Hint) {
				if len(h.Deliveries) > 0 {
					hinted <- time.Now()
				}
			})
			defer stop()
			b.ResetTimer()
			for i := range b.N {
				enqueue(b, s, lane(i%50), 1)
				took = append(took, (<-r.called).Sub(<-hinted))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// BenchmarkDrain is a backlog worked off: 50 lanes, all at once.
func BenchmarkDrain(b *testing.B) {
	s := storetest.Open(b, storetest.SQLiteURL(b))
	r := &reporting{called: make(chan time.Time, 1000)}
	for n := range 50 {
		enqueue(b, s, lane(n), (b.N+49)/50)
	}
	b.ResetTimer()
	run(b, outbox.New(s, r, ignore, outbox.Options{}))
	for range (b.N + 49) / 50 * 50 {
		<-r.called
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkAtRest reports the goroutines that a thousand waiting lanes take.
func BenchmarkAtRest(b *testing.B) {
	s := storetest.Open(b, "sqlite::memory:")
	r := &reporting{called: make(chan time.Time, 1000)}
	err := s.Update(b.Context(), func(tx store.Tx) error {
		for n := range 1000 {
			d := desk.Delivery{Lane: desk.Lane(fmt.Sprint(n)), Kind: desk.DeliverNotice, State: desk.DeliveryPending, NotBefore: time.Now().Add(time.Hour)}
			if err := tx.Enqueue(b.Context(), &d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	run(b, outbox.New(s, r, ignore, outbox.Options{}))
	before := s.Stats().Updates
	for b.Loop() {
		pauseFor(100 * time.Millisecond)
	}
	b.ReportMetric(float64(s.Stats().Updates-before)/b.Elapsed().Seconds(), "updates/s")
}
