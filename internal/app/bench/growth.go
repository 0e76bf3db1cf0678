package bench

import (
	"context"
	"time"

	"caseline/internal/app/agent"
)

// Sizes are what a grown database holds at each look: messages in all, and the
// cases they are spread over.
type size struct{ messages, cases int }

func sizes() []size { return []size{{1_000, 1_000}, {100_000, 1_000}, {1_000_000, 10_000}} }

// A look is what the same acts cost in a database of one size.
type look struct {
	size
	seeded, ready                         time.Duration
	plain, long, past, queue, all, search cost // pages
	appendPlain, appendToLong             cost // one event, from one sender
}

// A cost is what an act took: half of the times less than p50, and so much of
// the server's processor time each.
type cost struct{ p50, cpu time.Duration }

// acts is how often each act is timed.
const acts = 100

// measureGrowth times the same acts in a small database, a larger one and a
// very large one.
func (b *bench) measureGrowth(ctx context.Context, r *report) error {
	g := &grown{url: b.grownURL}
	in := *b
	in.data = "grown"
	if b.database != "" {
		in.database = b.grownURL
	}
	var looks []look
	for _, size := range sizes() {
		began := time.Now()
		if err := g.growTo(ctx, size.cases, size.messages/size.cases); err != nil {
			return err
		}
		if err := g.catchUp(ctx); err != nil {
			return err
		}
		l := look{size: size, seeded: time.Since(began)}
		if err := in.look(ctx, &l); err != nil {
			return err
		}
		looks = append(looks, l)
	}
	r.growth(looks)
	return nil
}

func (b *bench) look(ctx context.Context, l *look) error {
	c, err := b.start(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	l.ready = c.ready
	jane, err := agent.SignIn(ctx, c.url, benchEmail, benchPassword)
	if err != nil {
		return err
	}
	events := newSender(c.url, benchSecret, time.Now())
	plain, long := string(numberOf(grownPlain)), string(numberOf(grownLong))
	page := func(path string) func() error {
		return func() error { _, err := jane.Page(ctx, path); return err }
	}
	post := func(i int) func() error {
		return func() error { return events.post(ctx, benchTeam, channelOf(i)) }
	}
	for _, act := range []struct {
		into *cost
		do   func() error
	}{
		{&l.appendPlain, post(grownPlain)}, {&l.appendToLong, post(grownLong)},
		{&l.plain, page("/cases/" + plain)}, {&l.long, page("/cases/" + long)}, {&l.past, page("/cases/" + long + "?before=5000")},
		{&l.queue, page("/")}, {&l.all, page("/cases")}, {&l.search, page("/cases?q=stuck+log&status=open")},
	} {
		if *act.into, err = timed(c, act.do); err != nil {
			return err
		}
	}
	return nil
}

// timed times an act, after a few times that warm everything up.
func timed(c *child, do func() error) (cost, error) {
	for range acts / 10 {
		if err := do(); err != nil {
			return cost{}, err
		}
	}
	before, err := c.cpu()
	if err != nil {
		return cost{}, err
	}
	var waits []time.Duration
	for range acts {
		began := time.Now()
		if err := do(); err != nil {
			return cost{}, err
		}
		waits = append(waits, time.Since(began))
	}
	after, err := c.cpu()
	return cost{spreadOf(waits).p50, (after - before) / acts}, err
}
