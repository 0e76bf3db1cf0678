package api

import (
	"net/http"
	"testing"
	"time"
)

func TestTheClocksAreComparedByTheDateOfAnswers(t *testing.T) {
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	type answer struct{ asked, there, came time.Duration } // by our clock
	for name, tt := range map[string]struct {
		ahead   time.Duration // Slack's clock, truly
		answers []answer
		most    time.Duration // how wide the bounds may be
	}{
		"one":    {0, []answer{{0, 50 * time.Millisecond, 100 * time.Millisecond}}, 1100 * time.Millisecond},
		"slow":   {10 * time.Second, []answer{{0, 4 * time.Second, 5 * time.Second}}, 6 * time.Second},
		"behind": {-10 * time.Second, []answer{{0, time.Second, 2 * time.Second}}, 3 * time.Second},
		"several": {3 * time.Second, []answer{
			{0, time.Second, 2 * time.Second}, {2900 * time.Millisecond, 2950 * time.Millisecond, 3 * time.Second}, {4 * time.Second, 4050 * time.Millisecond, 4100 * time.Millisecond},
		}, 300 * time.Millisecond},
	} {
		var c Client
		if _, known := c.Skew(); known {
			t.Fatal("known before the first answer")
		}
		for _, a := range tt.answers {
			c.clock.note(http.Header{"Date": {start.Add(a.there + tt.ahead).Format(http.TimeFormat)}}, start.Add(a.asked), start.Add(a.came))
		}
		got, known := c.Skew()
		if !known || got.Least > tt.ahead || got.Most < tt.ahead || got.Most-got.Least > tt.most {
			t.Errorf("%s: got %v, %v, want bounds of %v that are %v apart at most", name, got, known, tt.ahead, tt.most)
		}
	}
}

func TestAClockThatWasSetIsMeasuredAnew(t *testing.T) {
	var c Client
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	answer := func(ahead time.Duration) {
		c.clock.note(http.Header{"Date": {at.Add(ahead).Format(http.TimeFormat)}}, at, at)
		at = at.Add(300 * time.Millisecond)
	}
	answer(0)
	c.clock.note(http.Header{"Date": {"soon"}}, at, at) // says nothing
	answer(0)
	for _, ahead := range []time.Duration{time.Minute, -time.Minute, 0} {
		answer(ahead)
		answer(ahead)
		got, _ := c.Skew()
		if got.Least > ahead || got.Most < ahead {
			t.Errorf("got %v, want bounds of %v", got, ahead)
		}
		if beyond := got.Beyond(2 * time.Second); (beyond != 0) != (ahead != 0) || (beyond > 0) != (ahead > 0) {
			t.Errorf("%v: beyond two seconds by %v", ahead, beyond)
		}
	}
	answer(0)
	at = at.Add(2 * believed)
	answer(900 * time.Millisecond) // drifted
	if got, _ := c.Skew(); got.Most-got.Least < 900*time.Millisecond {
		t.Errorf("got %v, which rests on what is no longer believed", got)
	}
}
