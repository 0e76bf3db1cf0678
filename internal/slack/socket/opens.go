package socket

import (
	"errors"
	"math/rand/v2"
	"time"
)

// When another connection may be asked for. Slack's pages and its clients do not
// agree whether apps.connections.open is of tier 1 or 3; one call a minute is
// right for both.
const (
	openEvery   = time.Minute
	firstPause  = time.Second      // after a failure; doubles with each
	maxPause    = time.Minute      //
	firstDenied = time.Minute      // after Slack has refused, which a person must change; doubles with each
	maxDenied   = 10 * time.Minute //
)

// opens say when the next connection may be asked for: about one a minute, a few
// at once when there were none for long, and less often while it fails.
type opens struct {
	most   int       // at once
	full   time.Time // when the whole allowance is there again
	not    time.Time // none before
	failed int       // in a row
}

// next is when the next may be asked for.
func (o *opens) next() time.Time {
	at := o.full.Add(-time.Duration(o.most-1) * openEvery)
	if o.not.After(at) {
		return o.not
	}
	return at
}

// take counts one that is asked for now.
func (o *opens) take(now time.Time) {
	if o.full.Before(now) {
		o.full = now
	}
	o.full = o.full.Add(openEvery)
}

// work notes that one said hello.
func (o *opens) work() { o.failed, o.not = 0, time.Time{} }

// fail notes that one was not opened, or broke.
func (o *opens) fail(now time.Time, err error) {
	o.failed++
	e, answered := errors.AsType[*OpenError](err)
	switch {
	case answered && e.After > 0:
		o.not = now.Add(e.After + jittered(e.After/10))
	case answered && e.Code != "":
		o.not = now.Add(jittered(doubled(firstDenied, maxDenied, o.failed)))
	default:
		o.not = now.Add(jittered(doubled(firstPause, maxPause, o.failed)))
	}
	if answered && e.Lost {
		o.full = o.full.Add(-openEvery)
	}
}

// doubled is first for one failure and twice as much for each more, up to most.
func doubled(first, most time.Duration, failed int) time.Duration {
	d := first
	for ; failed > 1 && d < most; failed-- {
		d *= 2
	}
	return min(d, most)
}

// jittered is between half of d and all of it, so that many do not come at once.
func jittered(d time.Duration) time.Duration {
	if d < 2 {
		return d
	}
	return d/2 + rand.N(d/2)
}
