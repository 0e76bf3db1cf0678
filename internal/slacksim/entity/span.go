package entity

import "math"

// A Span says which messages to read: those between two timestamps, newest
// first, at most Limit.
type Span struct {
	Oldest    string // empty: from the beginning
	Latest    string // empty: up to now
	Inclusive bool   // also those that stand exactly at Oldest or Latest
	Limit     int    // 0: all
	Before    string // only those older than this one, for the next page back
	After     string // only those newer than this one, for the next page on
}

// Contains returns the test whether a timestamp lies in the span.
func (s Span) Contains() func(ts string) bool {
	oldest, latest := int64(-1), int64(math.MaxInt64)
	if t, ok := ParseTS(s.Oldest); ok {
		oldest = t
	}
	if t, ok := ParseTS(s.Latest); ok {
		latest = t
	}
	before, after := int64(math.MaxInt64), int64(-1)
	if t, ok := ParseTS(s.Before); ok {
		before = t
	}
	if t, ok := ParseTS(s.After); ok {
		after = t
	}
	return func(ts string) bool {
		t, _ := ParseTS(ts)
		if t >= before || t <= after {
			return false
		}
		if s.Inclusive {
			return oldest <= t && t <= latest
		}
		return oldest < t && t < latest
	}
}
