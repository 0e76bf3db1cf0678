package pace

import "time"

// MaxHold is how far ahead a stored instant is believed. A bucket that says
// "not before next year" was written under a clock that was wrong, and would
// otherwise stop its calls until then; it is taken for a bucket whose burst is
// spent.
const MaxHold = 24 * time.Hour

// A Limit is a steady rate with a burst: one call every Every, and up to Burst
// calls at once after a quiet stretch. The zero Limit does not limit, but can
// still be held. A Burst below one means one.
type Limit struct {
	Every time.Duration
	Burst int
}

// Next reports how long a call must wait under the limit at the instant now,
// given the bucket's stored instant (0 for a bucket never used); both are UTC
// microseconds. When wait is zero the call may go and updated is to be stored;
// otherwise updated is stored, unchanged.
func (l Limit) Next(stored, now int64) (wait time.Duration, updated int64) {
	tat := l.believed(stored, now)
	if early := tat - l.slack() - now; early > 0 {
		return time.Duration(early) * time.Microsecond, stored
	}
	return 0, max(tat, now) + l.every()
}

// Hold returns the instant to store so that no call goes before until (UTC
// microseconds), such as when Slack answered Retry-After. At until one call
// may go, then one every Every: a burst straight after a refusal would only
// be refused again. An earlier hold never shortens a later one.
func (l Limit) Hold(stored, until int64) int64 {
	return max(stored, until+l.slack())
}

// believed returns the instant the bucket is full again, distrusting one that
// neither calls nor a hold of at most MaxHold could have put there.
func (l Limit) believed(stored, now int64) int64 {
	if stored > now+l.slack()+l.every()+MaxHold.Microseconds() {
		return now + l.slack()
	}
	return stored
}

// every is the emission interval in microseconds. It is never less than one
// for a limit that limits, or a sub-microsecond rate would count nothing.
func (l Limit) every() int64 {
	if l.Every <= 0 {
		return 0
	}
	return max(1, l.Every.Microseconds())
}

// slack is how far ahead of now a full bucket's instant may lie and still let
// a call go: the room a burst takes.
func (l Limit) slack() int64 {
	return int64(max(l.Burst, 1)-1) * l.every()
}
