package pace

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTakeAllOrNone(t *testing.T) {
	slow := Limit{Every: 10 * time.Second, Burst: 1}
	fast := Limit{Every: time.Second, Burst: 1}
	tests := []struct {
		name     string
		slowAt   int64
		fastAt   int64
		wantWait time.Duration
	}{
		{"both free", 0, 0, 0},
		{"slow is spent", start + 10*second, 0, 10 * time.Second},
		{"fast is spent", 0, start + second, time.Second},
		{"both are spent", start + 4*second, start + second, 4 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := []Bucket{{"slow", slow, tt.slowAt}, {"fast", fast, tt.fastAt}}
			got := slices.Clone(before)
			if wait := Take(start, got); wait != tt.wantWait {
				t.Errorf("got wait %v, want %v", wait, tt.wantWait)
			}
			want := before
			if tt.wantWait == 0 {
				want = []Bucket{{"slow", slow, start + 10*second}, {"fast", fast, start + second}}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("buckets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTakeFromNoBucketAtAll(t *testing.T) {
	if wait := Take(start, nil); wait != 0 {
		t.Errorf("got wait %v, want 0", wait)
	}
}

func TestBucketHold(t *testing.T) {
	buckets := Slack().Buckets("T1", "chat.postMessage", "C1")
	buckets[0].Hold(start + 30*second)
	if wait := Take(start, buckets); wait != 30*time.Second {
		t.Errorf("got wait %v, want 30s", wait)
	}
	other := Slack().Buckets("T1", "chat.postMessage", "C2")
	other[0].At = buckets[0].At
	if wait := Take(start, other); wait != 30*time.Second {
		t.Errorf("got wait %v in another channel, want 30s: Retry-After is for the method", wait)
	}
}

// However calls to several channels mix, none of their buckets lets more
// through than its limit, and the longest wait is always enough.
func TestPropertyTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := Slack()
		at := map[string]int64{}
		gone := map[string][]int64{}
		limits := map[string]Limit{}
		now := start
		for range rapid.IntRange(1, 200).Draw(t, "calls") {
			now += rapid.Int64Range(0, second/2).Draw(t, "gap")
			method := rapid.SampledFrom([]string{"chat.postMessage", "chat.update", "files.completeUploadExternal"}).Draw(t, "method")
			channel := rapid.SampledFrom([]string{"C1", "C2", "C3"}).Draw(t, "channel")
			buckets := table.Buckets("T1", method, channel)
			for i := range buckets {
				buckets[i].At = at[buckets[i].Key]
			}
			if wait := Take(now, buckets); wait > 0 {
				now += wait.Microseconds()
				if wait := Take(now, buckets); wait != 0 {
					t.Fatalf("got another wait of %v after waiting as told", wait)
				}
			}
			for _, b := range buckets {
				at[b.Key], limits[b.Key] = b.At, b.Limit
				gone[b.Key] = append(gone[b.Key], now)
			}
		}
		for key, times := range gone {
			l := limits[key]
			for i := range times {
				n := int64(len(times) - i)
				if most := int64(l.Burst) + (times[len(times)-1]-times[i])/l.every(); n > most {
					t.Fatalf("bucket %s let %d calls through, want at most %d", key, n, most)
				}
			}
		}
	})
}
