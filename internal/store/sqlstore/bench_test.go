package sqlstore_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

const benchCases = 256

// BenchmarkRecordPath measures what storing and applying one customer's
// message asks of the store.
func BenchmarkRecordPath(b *testing.B) {
	for _, db := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storetest.SQLiteURL}, {"postgres", storetest.PostgresURL}} {
		for _, senders := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%s/senders=%d", db.name, senders), func(b *testing.B) {
				s := storetest.Open(b, db.url(b))
				benchRecord(b, s, senders)
			})
		}
	}
}

func benchRecord(b *testing.B, s *sqlstore.Store, senders int) {
	for n := range benchCases {
		c := storetest.AddCase(b, s, n)
		storetest.Chat(b, s, c.ID)
	}
	before := s.Stats()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range senders {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := record(b, s, int(n)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	after := s.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
	b.ReportMetric(float64(after.Commits-before.Commits)/float64(after.Updates-before.Updates), "commits/update")
}

func benchEvent(n int, at time.Time) desk.Event {
	return desk.Event{
		Key: fmt.Sprintf("slack:T1:Ev%010d", n), Lane: desk.PlaceLane(storetest.PlaceOf(n % benchCases)),
		Body: bytes.Repeat([]byte("x"), 1100), ReceivedAt: at, State: desk.EventDone, Attempts: 1,
	}
}

func benchMessage(n int, at time.Time) desk.Message {
	return desk.Message{
		Place: storetest.PlaceOf(n % benchCases), Author: "T1:U1", At: at,
		Text:   fmt.Sprintf("Message %d: it still hangs after the third step, and the log says nothing about why.", n),
		Origin: desk.Origin(fmt.Sprintf("slack:T1:C%d:%d.%06d", 1000+n%benchCases, at.Unix(), n)),
	}
}

// record is the inbound path's update.
func record(tb testing.TB, s store.Store, n int) error {
	ctx := tb.Context()
	at := storetest.Start().Add(time.Hour + time.Duration(n)*time.Millisecond)
	event, m := benchEvent(n, at), benchMessage(n, at)
	return s.Update(ctx, func(tx store.Tx) error {
		if added, err := tx.Arrive(ctx, &event); !added || event.State != desk.EventDone || err != nil {
			return errors.Join(errors.New("not to be applied"), err)
		}
		c, err := tx.LockCaseAt(ctx, m.Place)
		if err != nil {
			return err
		}
		if added, err := tx.AppendOnce(ctx, &c.Record(c.Chat, m, nil, at)[0]); !added || err != nil {
			return errors.Join(errors.New("not appended"), err)
		}
		if err := tx.NotePerson(ctx, m.Author); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
}
