package bench

import (
	"context"
	"fmt"
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
	idle   float64       // commits per second while no events come
}

// runs are what the runs at one number of senders came to.
type runs struct {
	rate    []float64 // events per second
	commits []commits
	cpu     []float64 // processor time per event in microseconds
}

// commits are those of one run, and what they were for.
type commits struct {
	made, events float64
	took         time.Duration
}

// perEvent are the commits of a run for each event, without those that the
// server makes for other things: as many as it makes in the same time while no
// events come.
func (c commits) perEvent(idle float64) float64 {
	return (c.made - idle*c.took.Seconds()) / c.events
}

// perEvent is the median over the runs.
func (r *runs) perEvent(idle float64) float64 {
	var each []float64
	for _, c := range r.commits {
		each = append(each, c.perEvent(idle))
	}
	return median(each)
}

func newSide(c *child) *side {
	s := &side{child: c, events: newSender(c.url, benchSecret, time.Now()), runs: map[int]*runs{}}
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
	if err := settle(ctx, c); err != nil {
		return err
	}
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
	for _, s := range []*side{product, bare} {
		if err := b.rest(ctx, s); err != nil {
			return err
		}
	}
	r.rates(product, bare, disk)
	return nil
}

// What a server does after its start is over when it makes fewer commits than
// restCommits in restTime. That is waited for settlePatience at most.
const (
	restCommits    = 5
	restTime       = 500 * time.Millisecond
	settlePatience = 30 * time.Second
)

// settle waits until a server has done what it does after its start: it catches
// up with each open chat.
func settle(ctx context.Context, c *child) error {
	began, last := time.Now(), int64(-restCommits)
	for time.Since(began) < settlePatience {
		now, err := c.readyz(ctx)
		if err != nil {
			return err
		}
		if now.Commits-last < restCommits {
			return nil
		}
		last = now.Commits
		pause(ctx, restTime)
	}
	return fmt.Errorf("the server was still busy with its start after %s", settlePatience)
}

// rest counts the commits of one run's time without events.
func (b *bench) rest(ctx context.Context, s *side) error {
	before, err := s.child.readyz(ctx)
	if err != nil {
		return err
	}
	pause(ctx, b.opt.Each)
	after, err := s.child.readyz(ctx)
	s.idle = float64(after.Commits-before.Commits) / b.opt.Each.Seconds()
	return err
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
	sent, began := s.events.sent.Load(), time.Now()
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
	into.commits = append(into.commits, commits{made: float64(after.Commits - before.Commits), events: events, took: time.Since(began)})
	into.cpu = append(into.cpu, float64((busier-busy).Microseconds())/events)
	return nil
}
