package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// atOnce are the numbers of senders that events are posted from.
func atOnce() []int { return []int{1, 8, 64} }

// rates are the runs at one number of senders.
type rates struct {
	product, bare []float64 // events per second
	commits       []float64 // per event
}

// measureRates floods the real server and the bare path in turn, so that both
// meet the same weather, and the disk between them.
func (b *bench) measureRates(ctx context.Context, r *report) error {
	results := map[int]*rates{}
	for _, n := range atOnce() {
		results[n] = &rates{}
	}
	var alone, grouped []float64
	c, err := b.start(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	streams, err := b.connect(ctx, c, b.opt.Streams)
	if err != nil {
		return err
	}
	defer streams.close()
	events := newSender(c.url+"/slack/events", benchSecret, time.Now())
	for run := range b.opt.Runs {
		for _, n := range atOnce() {
			if err := b.floodOnce(ctx, c, events, n, results[n]); err != nil {
				return err
			}
			rate, err := b.floodBare(ctx, run, n)
			if err != nil {
				return err
			}
			results[n].bare = append(results[n].bare, rate)
		}
		one, err := diskRate(b.dir, 1, b.opt.Each/4)
		if err != nil {
			return err
		}
		many, err := diskRate(b.dir, 64, b.opt.Each/4)
		if err != nil {
			return err
		}
		alone, grouped = append(alone, one), append(grouped, many)
	}
	r.rates(results, alone, grouped)
	return nil
}

func (b *bench) floodOnce(ctx context.Context, c *child, events *sender, senders int, into *rates) error {
	before, err := c.readyz(ctx)
	if err != nil {
		return err
	}
	sentBefore := events.sent.Load()
	rate, err := events.flood(ctx, benchTeam, b.channels, senders, b.opt.Each)
	if err != nil {
		return err
	}
	after, err := c.readyz(ctx)
	if err != nil {
		return err
	}
	into.product = append(into.product, rate)
	into.commits = append(into.commits, float64(after.Commits-before.Commits)/float64(events.sent.Load()-sentBefore))
	return nil
}

// floodBare floods a bare server on a database of its own.
func (b *bench) floodBare(ctx context.Context, run, senders int) (rate float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dir := filepath.Join(b.dir, fmt.Sprintf("bare-%d-%d", run, senders))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	server := &bare{secret: benchSecret, rows: make(chan bareRow)}
	var closing func()
	if b.bareURL == "" {
		server.commit, closing, err = bareSQLite(ctx, dir)
	} else {
		server.commit, closing, err = barePostgres(ctx, b.bareURL)
	}
	if err != nil {
		return 0, err
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, errors.Join(err, ctx.Err())
	}
	h := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	var running sync.WaitGroup
	running.Go(func() { server.run(ctx) })
	running.Go(func() { _ = h.Serve(ln) }) // it ends with Close, which is no failure
	rate, err = newSender("http://"+ln.Addr().String(), benchSecret, time.Now()).flood(ctx, benchTeam, b.channels, senders, b.opt.Each)
	h.Close()
	cancel()
	running.Wait()
	closing()
	return rate, err
}
