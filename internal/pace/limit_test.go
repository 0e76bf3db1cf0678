package pace

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

const second = int64(time.Second / time.Microsecond)

// start is an ordinary instant; the arithmetic must not lean on zero.
const start = 1_790_000_000 * second

func TestNext(t *testing.T) {
	oneASecond := Limit{Every: time.Second, Burst: 1}
	burstOfThree := Limit{Every: time.Second, Burst: 3}
	tests := []struct {
		name        string
		limit       Limit
		stored      int64
		wantWait    time.Duration
		wantUpdated int64
	}{
		{"never used", oneASecond, 0, 0, start + second},
		{"long idle", oneASecond, start - 100*second, 0, start + second},
		{"just used", oneASecond, start + second, time.Second, start + second},
		{"half way", oneASecond, start + second/2, 500 * time.Millisecond, start + second/2},
		{"one microsecond early", oneASecond, start + 1, time.Microsecond, start + 1},
		{"exactly due", oneASecond, start, 0, start + second},
		{"room in the burst", burstOfThree, start + 2*second, 0, start + 3*second},
		{"burst spent", burstOfThree, start + 3*second, time.Second, start + 3*second},
		{"no limit", Limit{}, 0, 0, start},
		{"no limit, never waits", Limit{}, start, 0, start},
		{"no limit, held", Limit{}, start + second, time.Second, start + second},
		{"burst of zero means one", Limit{Every: time.Second}, start + second, time.Second, start + second},
		{"negative burst means one", Limit{Every: time.Second, Burst: -4}, start + second, time.Second, start + second},
		{"below a microsecond still counts", Limit{Every: time.Nanosecond, Burst: 1}, 0, 0, start + 1},
		{"not believed", burstOfThree, start + 400*24*3600*second, 0, start + 3*second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wait, updated := tt.limit.Next(tt.stored, start)
			if wait != tt.wantWait || updated != tt.wantUpdated {
				t.Errorf("got wait %v, updated %+d; want %v, %+d", wait, updated-start, tt.wantWait, tt.wantUpdated-start)
			}
		})
	}
}

func TestHold(t *testing.T) {
	l := Limit{Every: time.Second, Burst: 3}
	held := l.Hold(0, start+30*second)

	if wait, _ := l.Next(held, start); wait != 30*time.Second {
		t.Errorf("got wait %v right after the hold, want 30s", wait)
	}
	if again := l.Hold(held, start+10*second); again != held {
		t.Errorf("an earlier hold shortened a later one: got %d, want %d", again, held)
	}
	wait, next := l.Next(held, start+30*second)
	if wait != 0 {
		t.Fatalf("got wait %v when the hold ended, want 0", wait)
	}
	if wait, _ := l.Next(next, start+30*second); wait != time.Second {
		t.Errorf("got wait %v for the second call after a hold, want 1s: no burst after a refusal", wait)
	}
}

// drawLimit draws limits from sane to silly.
func drawLimit(t *rapid.T) Limit {
	return Limit{
		Every: time.Duration(rapid.Int64Range(1, 120_000_000).Draw(t, "every µs")) * time.Microsecond,
		Burst: rapid.IntRange(1, 100).Draw(t, "burst"),
	}
}

// In any window, whatever the order and spacing of the asking, no more than
// Burst + t/Every calls go through.
func TestPropertyNeverMoreThanRateAndBurst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t)
		var stored int64
		var gone []int64
		now := start
		for range rapid.IntRange(1, 300).Draw(t, "asks") {
			now += rapid.Int64Range(0, 2*l.every()).Draw(t, "gap")
			wait, updated := l.Next(stored, now)
			if wait == 0 {
				gone = append(gone, now)
			} else if updated != stored {
				t.Fatalf("a refusal changed the bucket: got %d, want %d", updated, stored)
			}
			stored = updated
		}
		for i := range gone {
			for j := i; j < len(gone); j++ {
				most := int64(l.Burst) + (gone[j]-gone[i])/l.every()
				if got := int64(j - i + 1); got > most {
					t.Fatalf("%d calls within %d µs, want at most %d", got, gone[j]-gone[i], most)
				}
			}
		}
	})
}

// Whoever waits as long as it was told goes, so a patient caller keeps the
// full rate and is never starved.
func TestPropertyWaitingIsEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t)
		var stored int64
		now := start
		const calls = 200
		for range calls {
			wait, updated := l.Next(stored, now)
			if wait > l.Every {
				t.Fatalf("got wait %v, want at most %v for a lone caller", wait, l.Every)
			}
			if wait > 0 {
				now += wait.Microseconds()
				if wait, updated = l.Next(stored, now); wait != 0 {
					t.Fatalf("got another wait of %v after waiting as told", wait)
				}
			}
			stored = updated
		}
		if most := start + calls*l.every(); now > most {
			t.Fatalf("%d calls took %d µs, want at most %d", calls, now-start, most-start)
		}
	})
}

// A restart keeps nothing but the stored instant, and that is all there is:
// a bucket continued from its number is the bucket.
func TestPropertyRestartKeepsTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t)
		live := []Bucket{{Key: "k", Limit: l}}
		now := start
		for range rapid.IntRange(1, 100).Draw(t, "asks") {
			now += rapid.Int64Range(0, l.every()).Draw(t, "gap")
			restarted := []Bucket{{Key: "k", Limit: l, At: live[0].At}}
			got, want := Take(now, restarted), Take(now, live)
			if got != want || restarted[0] != live[0] {
				t.Fatalf("after a restart: got %v %v, want %v %v", got, restarted[0], want, live[0])
			}
		}
	})
}

// A clock that was wrong once does not stop a bucket for good.
func TestPropertyAnyStoredInstantRecovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLimit(t)
		stored := rapid.Int64Range(-1<<61, 1<<61).Draw(t, "stored")
		wait, _ := l.Next(stored, start)
		if most := MaxHold + l.Every; wait < 0 || wait > most {
			t.Fatalf("got wait %v for stored %d, want 0 to %v", wait, stored, most)
		}
	})
}

func BenchmarkTake(b *testing.B) {
	table := Slack()
	b.ReportAllocs()
	now := start
	for b.Loop() {
		buckets := table.Buckets("T1", "chat.postMessage", "C1")
		Take(now, buckets)
		now += second
	}
}
