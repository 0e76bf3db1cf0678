package pace

import (
	"testing"
	"time"
)

// However much of what can wait there is, each call that cannot goes at once as
// long as these stay below what is left to them.
func TestWhatCanWaitLeavesRoom(t *testing.T) {
	for _, tt := range []struct {
		kind, method string
		p            Part
		most         int           // calls of the kind in an hour
		every        time.Duration // of the calls that cannot wait
	}{
		{"compare", "conversations.history", Part{1, 3}, 60*60*2/9 + 3, 3 * time.Second},
		{"read", "conversations.replies", Part{2, 3}, 60*60*4/9 + 6, 5 * time.Second},
		{"card", "chat.update", Part{1, 2}, 60*60/3 + 5, 4 * time.Second},
		{"news", "chat.postMessage", Part{1, 2}, 60*60/2 + 1, 2500 * time.Millisecond},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			table, stored := Slack(), map[string]int64{}
			take := func(now int64, buckets []Bucket) time.Duration {
				for i, b := range buckets {
					buckets[i].At = stored[b.Key]
				}
				wait := Take(now, buckets)
				for _, b := range buckets {
					stored[b.Key] = b.At
				}
				return wait
			}
			went, next := 0, int64(start)
			for now := int64(start); now < start+time.Hour.Microseconds(); now += 100_000 {
				buckets := table.Buckets("T1", tt.method, "C1")
				if now >= next {
					if wait := take(now, buckets); wait > 0 {
						t.Fatalf("%v into the hour: what cannot wait had to wait for %v", time.Duration(now-start)*time.Microsecond, wait)
					}
					next += tt.every.Microseconds()
				}
				for take(now, append(table.Buckets("T1", tt.method, "C1"), table.Behind(tt.kind, tt.p, "T1", tt.method, "C1")...)) == 0 {
					went++
				}
			}
			if went > tt.most || went < tt.most*9/10 {
				t.Errorf("%d calls of the kind went in an hour, want %d or a little less", went, tt.most)
			}
		})
	}
}

func TestPartOfNoLimitIsNone(t *testing.T) {
	for _, b := range (Table{}).Behind("read", Part{2, 3}, "T1", "conversations.history", "C1") {
		for range 100 {
			if wait := Take(start, []Bucket{b}); wait != 0 {
				t.Fatalf("got wait %v, want none", wait)
			}
		}
	}
}
