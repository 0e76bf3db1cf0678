package bench

import (
	"context"
	"time"
)

// atOnce are the numbers of senders that events are posted from.
func atOnce() []int { return []int{1, 8, 64} }

// eventsPath is where both the product and the bare path take events.
const eventsPath = "/slack/events"

// A side is the product or the bare path, under load.
type side struct {
	child  *child
	events *sender
	runs   map[int]*runs // by number of senders
}

// runs are what the runs at one number of senders came to.
type runs struct {
	rate    []float64 // events per second
	commits []float64 // per event
	cpu     []float64 // processor time per event in microseconds
}

func newSide(c *child) *side {
	s := &side{child: c, events: newSender(c.url+eventsPath, benchSecret, time.Now()), runs: map[int]*runs{}}
	for _, n := range atOnce() {
		s.runs[n] = &runs{}
	}
	return s
}

// measureRates floods the real server and the bare path in turn, so that both
// meet the same weather, and the disk between them.
func (b *bench) measureRates(ctx context.Context, r *report) error {
	var flags []string
	if b.opt.Profile != "" {
		flags = []string{"--cpuprofile", b.opt.Profile}
	}
	c, err := b.start(ctx, flags...)
	if err != nil {
		return err
	}
	defer c.stop()
	streams, err := b.connect(ctx, c, b.opt.Streams)
	if err != nil {
		return err
	}
	defer streams.close()
	beside, err := b.startBare(ctx)
	if err != nil {
		return err
	}
	defer beside.stop()
	product, bare := newSide(c), newSide(beside)
	var disk disk
	for range b.opt.Runs {
		for _, n := range atOnce() {
			for _, s := range []*side{product, bare} {
				if err := b.flood(ctx, s, n); err != nil {
					return err
				}
			}
		}
		if err := disk.measure(b.dir, b.opt.Each/4); err != nil {
			return err
		}
	}
	r.rates(product, bare, disk)
	return nil
}

// flood posts events from so many senders for one run.
func (b *bench) flood(ctx context.Context, s *side, senders int) error {
	before, err := s.child.readyz(ctx)
	if err != nil {
		return err
	}
	busy, err := s.child.cpu()
	if err != nil {
		return err
	}
	sent := s.events.sent.Load()
	rate, err := s.events.flood(ctx, benchTeam, b.channels, senders, b.opt.Each)
	if err != nil {
		return err
	}
	after, err := s.child.readyz(ctx)
	if err != nil {
		return err
	}
	busier, err := s.child.cpu()
	if err != nil {
		return err
	}
	events := float64(s.events.sent.Load() - sent)
	into := s.runs[senders]
	into.rate = append(into.rate, rate)
	into.commits = append(into.commits, float64(after.Commits-before.Commits)/events)
	into.cpu = append(into.cpu, float64((busier-busy).Microseconds())/events)
	return nil
}
