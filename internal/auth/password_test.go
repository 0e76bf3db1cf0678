package auth

import (
	"strings"
	"testing"
	"time"
)

func TestVerify(t *testing.T) {
	h := newHasher(Cost{Memory: 64, Passes: 1, Threads: 1}, 1)
	phc, err := h.hash(t.Context(), "secret words")
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]bool{"secret words": true, "secret word": false, "": false} {
		if got, err := h.verify(t.Context(), phc, password); got != want || err != nil {
			t.Errorf("%q: got %v, %v, want %v", password, got, err, want)
		}
	}
	if got, err := h.verify(t.Context(), "", ""); got || err != nil {
		t.Errorf("nobody: got %v, %v, want no match", got, err)
	}
	again, err := h.hash(t.Context(), "secret words")
	if err != nil || again == phc {
		t.Errorf("two hashes are the same, or %v", err)
	}
}

// A hash in the database is not trusted to ask for any amount of work.
func TestMalformedHashes(t *testing.T) {
	h := newHasher(Cost{Memory: 64, Passes: 1, Threads: 1}, 1)
	good, err := h.hash(t.Context(), "secret words")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"x", "$argon2id$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=18", 1),
		strings.Replace(good, "m=64", "m=4294967295", 1), strings.Replace(good, "m=64", "m=0", 1), strings.Replace(good, "t=1", "t=0", 1),
		strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=999", 1), good[:len(good)-30], good + "$",
		good[:strings.LastIndex(good, "$")+1] + "!!!",
	} {
		if ok, err := h.verify(t.Context(), bad, "secret words"); ok || err == nil {
			t.Errorf("%q: got %v, %v, want an error", bad, ok, err)
		}
	}
}

func TestDefaultCostIsWorthIt(t *testing.T) {
	if c := defaultCost(); c.Memory < 19*1024 || c.Passes < 2 {
		t.Errorf("got %+v, below the least that is advised", c)
	}
}

func TestThrottleStaysSmall(t *testing.T) {
	th, now := newThrottle(), time.Unix(1_700_000_000, 0)
	for i := range 3 * maxThrottled {
		th.try(now, map[string]limit{"k" + string(rune(i)): pairLimit()})
	}
	if got := len(th.clear); got > maxThrottled {
		t.Errorf("got %d keys, want at most %d", got, maxThrottled)
	}
}
