package outbox

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/lanes"
	"caseline/internal/pace"
	"caseline/internal/store"
)

// reserve takes d's place in all buckets of its budget, or in none and says
// how long to wait.
func (o *Outbox) reserve(ctx context.Context, tx store.Tx, d desk.Delivery, now time.Time) (buckets []pace.Bucket, wait time.Duration, err error) {
	err = lanes.Guard(func() error {
		buckets = slices.Clone(o.sender.Budget(d))
		return nil
	})
	if err != nil || len(buckets) == 0 {
		return nil, 0, err
	}
	slices.SortFunc(buckets, func(a, b pace.Bucket) int { return strings.Compare(a.Key, b.Key) })
	keys := make([]string, len(buckets))
	for i, b := range buckets {
		keys[i] = b.Key
	}
	instants, err := tx.Buckets(ctx, keys)
	if err != nil {
		return nil, 0, err
	}
	for i := range buckets {
		buckets[i].At = instants[i]
	}
	if wait = pace.Take(now.UnixMicro(), buckets); wait > 0 {
		return buckets, wait, nil
	}
	for i, b := range buckets {
		instants[i] = b.At
	}
	return buckets, 0, tx.SaveBuckets(ctx, keys, instants)
}

// hold keeps the bucket that v names shut until v.At, as Slack asked.
func hold(ctx context.Context, tx store.Tx, buckets []pace.Bucket, v desk.Verdict) error {
	b := pace.Bucket{Key: v.Hold}
	for _, known := range buckets {
		if known.Key == v.Hold {
			b.Limit = known.Limit
		}
	}
	instants, err := tx.Buckets(ctx, []string{b.Key})
	if err != nil {
		return err
	}
	b.At = instants[0]
	b.Hold(v.At.UnixMicro())
	return tx.SaveBuckets(ctx, []string{b.Key}, []int64{b.At})
}

// pacing is the line in front of each bucket that is short. A thousand lanes
// told to come back when the bucket next lets one call go would all come
// then, and all but one in vain; so each is told a time of its own, one
// interval after the one before. It is advice: what counts is in the buckets.
type pacing struct {
	mu   sync.Mutex           // guards line; held for one look and one write
	line map[string]time.Time // by bucket, the last place given away
}

// A place is where a delivery stands in the line for a bucket. The zero place
// is nowhere.
type place struct {
	bucket string
	at     time.Time
}

// stand finds the place for a delivery that the buckets refused and p, if it
// has been given one in an earlier run of the same update. One that stood in
// line before this update, and was overtaken, goes to the front.
func (l *pacing) stand(p *place, buckets []pace.Bucket, again bool, now time.Time) time.Time {
	var scarce pace.Bucket
	var wait time.Duration
	for _, b := range buckets {
		if w, _ := b.Limit.Next(b.At, now.UnixMicro()); w > wait {
			scarce, wait = b, w
		}
	}
	at := time.UnixMicro(now.UnixMicro()).Add(wait)
	if again {
		return at
	}
	if p.bucket != scarce.Key {
		*p = place{bucket: scarce.Key, at: l.join(scarce, at, now)}
	}
	if at.Before(p.at) {
		at = p.at
	}
	return at
}

// join gives away the next place in the line for b, soonest at the time at,
// and forgets lines that are past.
func (l *pacing) join(b pace.Bucket, at, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	for bucket, last := range l.line {
		if last.Before(now) {
			delete(l.line, bucket)
		}
	}
	if last, ok := l.line[b.Key]; ok {
		if next := last.Add(b.Limit.Every); next.After(at) {
			at = next
		}
	}
	if l.line == nil {
		l.line = make(map[string]time.Time)
	}
	l.line[b.Key] = at
	return at
}
