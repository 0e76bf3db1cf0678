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
	_, err := b.residentOf(ctx, func(c *child) (err error) {
		if m.start, err = c.resident(); err != nil {
			return err
		}
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
	// As many messages each time, so that only the number of chats differs.
	over := func(channels []string) (int64, error) {
		return b.residentOf(ctx, func(c *child) error {
			m.ready = c.ready
			events := newSender(c.url+eventsPath, benchSecret, time.Now())
			for i := range b.channels {
				if err := events.post(ctx, benchTeam, channels[i%len(channels)]); err != nil {
					return err
				}
			}
			pause(ctx, time.Second)
			return nil
		})
	}
	one, err := over(b.channels[:1])
	if err != nil {
		return err
	}
	all, err := over(b.channels)
	if err != nil {
		return err
	}
	m.perChat = float64(all-one) / float64(len(b.channels)-1)
	r.memory(m)
	return nil
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
