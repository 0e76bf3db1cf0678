package outbox_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/pace"
)

// With 500 chats to compare at once, all are compared in the 38 minutes that a
// third of Slack's limit takes, and whatever else reads the same history meanwhile
// goes at the moment at which it is wanted.
func TestComparingManyChatsKeepsNothingWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := still(t)
		w, l := newSlack(), &ledger{}
		table, third := pace.Slack(), pace.Part{Of: 1, Out: 3}
		const method, other = "conversations.history", 10 * time.Second
		chats, looks := 500, 200
		if testing.Short() {
			chats, looks = 60, 24
		}
		compares := map[string]bool{}
		w.budget = func(d desk.Delivery) []pace.Bucket {
			buckets := table.Buckets("T1", method, "C1")
			if compares[d.Correlation()] {
				buckets = append(buckets, table.Behind("compare", third, "T1", method, "C1")...)
			}
			return buckets
		}
		for i := range chats {
			for _, id := range ids(1, enqueue(t, s, desk.Lane(fmt.Sprintf("compare:%d", i)), 1)) {
				compares[id] = true
			}
		}
		begin := time.Now()
		stop := run(t, outbox.New(s, &sender{slack: w}, l.settled, outbox.Options{}))
		wanted := map[string]time.Time{}
		for i := range looks {
			time.Sleep(other)
			for _, id := range ids(1, enqueue(t, s, desk.Lane(fmt.Sprintf("case:%d", i)), 1)) {
				wanted[id] = time.Now()
			}
		}
		time.Sleep(time.Hour)
		stop()
		sends, _ := w.calls()
		if len(sends) != chats+len(wanted) {
			t.Fatalf("%d calls, want %d", len(sends), chats+len(wanted))
		}
		var last time.Time
		for _, c := range sends {
			if at, ok := wanted[c.id]; !ok {
				last = c.at
			} else if late := c.at.Sub(at); late > 0 {
				t.Errorf("%v after the beginning somebody waits for %v", at.Sub(begin), late)
			}
		}
		want := time.Duration(chats) * 37 * time.Minute / 500
		if took := last.Sub(begin); took < want-time.Minute || took > want+time.Minute {
			t.Errorf("comparing %d chats took %v, want %v", chats, took, want)
		}
	})
}
