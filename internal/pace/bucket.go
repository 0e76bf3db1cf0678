package pace

import "time"

// A Bucket is one limit as it stands: the key it is stored under and the
// stored instant. A caller fills At from its store before [Take] and stores it
// back after.
type Bucket struct {
	Key   string
	Limit Limit
	At    int64 // UTC microseconds, 0 when never used
}

// Take takes one call from all buckets at the instant now (UTC microseconds),
// or from none. When wait is zero the call may go and every bucket's At has
// moved on; otherwise no bucket has changed and wait is the longest of theirs.
func Take(now int64, buckets []Bucket) (wait time.Duration) {
	for _, b := range buckets {
		w, _ := b.Limit.Next(b.At, now)
		wait = max(wait, w)
	}
	if wait > 0 {
		return wait
	}
	for i := range buckets {
		b := &buckets[i]
		_, b.At = b.Limit.Next(b.At, now)
	}
	return 0
}

// Hold keeps the bucket shut until the instant until (UTC microseconds).
func (b *Bucket) Hold(until int64) {
	b.At = b.Limit.Hold(b.At, until)
}
