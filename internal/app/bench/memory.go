package bench

import (
	"context"
	"time"
)

// memory is what the server holds, in bytes, and how soon it was ready.
type memory struct {
	start     int64
	perStream float64
	perChat   float64
	ready     time.Duration
}

// The cost of an idle stream is told from the slope between these numbers of
// streams: signing in takes memory too, which the first ones use again.
const (
	fewStreams  = 500
	manyStreams = 1500
)

// measureMemory starts the server, connects idle streams, and starts it anew
// for messages in one chat and for as many in all of them.
func (b *bench) measureMemory(ctx context.Context, r *report) error {
	var m memory
	var starts, readies []float64
	for range b.opt.Runs {
		resident, err := b.residentOf(ctx, func(c *child) error {
			readies = append(readies, float64(c.ready))
			return nil
		})
		if err != nil {
			return err
		}
		starts = append(starts, float64(resident))
	}
	m.start, m.ready = int64(median(starts)), time.Duration(median(readies))
	_, err := b.residentOf(ctx, func(c *child) error {
		few, err := b.residentWith(ctx, c, fewStreams)
		if err != nil {
			return err
		}
		many, err := b.residentWith(ctx, c, manyStreams)
		m.perStream = float64(many-few) / (manyStreams - fewStreams)
		return err
	})
	if err != nil {
		return err
	}
	if m.perChat, err = b.perChat(ctx); err != nil {
		return err
	}
	r.memory(m)
	return nil
}

// perChat is what an open chat takes that had messages: the slope between half
// of the chats and all of them, for with a few the database's cache of pages,
// which has a bound, is not full yet. There are as many messages each time, so
// that only the number of chats differs.
func (b *bench) perChat(ctx context.Context) (float64, error) {
	half := len(b.channels) / 2
	var slopes []float64
	for range b.opt.Runs {
		few, err := b.residentAfter(ctx, b.channels[:half])
		if err != nil {
			return 0, err
		}
		many, err := b.residentAfter(ctx, b.channels)
		if err != nil {
			return 0, err
		}
		slopes = append(slopes, float64(many-few)/float64(len(b.channels)-half))
	}
	return median(slopes), nil
}

// residentAfter returns what the server holds after twice as many messages as
// there are chats, in some of them.
func (b *bench) residentAfter(ctx context.Context, channels []string) (int64, error) {
	return b.residentOf(ctx, func(c *child) error {
		if err := settle(ctx, c); err != nil {
			return err
		}
		events := newSender(c.url, benchSecret, time.Now())
		if err := events.postMany(ctx, benchTeam, channels, 8, 2*len(b.channels)); err != nil {
			return err
		}
		pause(ctx, time.Second)
		return nil
	})
}

// residentOf starts the server, lets it do something and returns what it holds
// then.
func (b *bench) residentOf(ctx context.Context, do func(*child) error) (int64, error) {
	c, err := b.start(ctx)
	if err != nil {
		return 0, err
	}
	defer c.stop()
	if err := do(c); err != nil {
		return 0, err
	}
	return c.resident()
}

// residentWith returns what the server holds with n streams connected.
func (b *bench) residentWith(ctx context.Context, c *child, n int) (int64, error) {
	s, err := b.connect(ctx, c, n)
	if err != nil {
		return 0, err
	}
	defer s.close()
	pause(ctx, time.Second)
	return c.resident()
}
