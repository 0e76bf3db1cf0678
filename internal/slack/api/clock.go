package api

import (
	"net/http"
	"sync"
	"time"
)

// A Skew is how far Slack's clock is ahead of ours: by no less than Least and
// no more than Most. Both are negative when it is behind.
type Skew struct{ Least, Most time.Duration }

// Beyond is by how much the clocks differ for sure, if that is more than limit;
// otherwise 0. It is positive when Slack's is ahead.
func (s Skew) Beyond(limit time.Duration) time.Duration {
	switch {
	case s.Least > limit:
		return s.Least
	case s.Most < -limit:
		return s.Most
	}
	return 0
}

// A clockwatch compares Slack's clock with ours by the date that each of its
// answers bears. One answer says little, because the date is in whole seconds
// and nobody knows when on its way it was written; together they bound the
// difference closely.
type clockwatch struct {
	mu    sync.Mutex // guards the rest, for one look or one answer
	skew  Skew
	since time.Time // of the oldest answer that skew rests on; zero for none
}

// believed is how long an answer bounds the difference: clocks drift.
const believed = time.Hour

// note takes in an answer that was asked for at asked and had come at came, by
// our clock.
func (c *clockwatch) note(h http.Header, asked, came time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	// What is compared is what people read, not how much time went by.
	asked, came = asked.Round(0), came.Round(0)
	now := Skew{Least: date.Sub(came), Most: date.Add(time.Second).Sub(asked)}
	c.mu.Lock()
	defer c.mu.Unlock()
	both := Skew{Least: max(c.skew.Least, now.Least), Most: min(c.skew.Most, now.Most)}
	if age := came.Sub(c.since); c.since.IsZero() || age < 0 || age > believed || both.Least > both.Most {
		c.skew, c.since = now, came // the first, or one of the clocks was set
		return
	}
	c.skew = both
}

// Skew is how far Slack's clock is ahead of ours, as far as its answers tell;
// known is false before the first.
func (c *Client) Skew() (s Skew, known bool) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return c.clock.skew, !c.clock.since.IsZero()
}
