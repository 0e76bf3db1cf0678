package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"caseline/internal/app/agent"
)

// agentsOnNode is how many agents one server is meant to serve.
const agentsOnNode = 1000

// A fan is what telling every stream of one thing takes, from the request that
// caused it until a stream has it: half of the streams, nearly all and the last.
type fan struct {
	half, most, last []time.Duration
	cpu              time.Duration // of the server, for all rounds
	missed           int
}

// An audience are live streams that note when they hear of a case.
type audience struct {
	open []io.ReadCloser
	wg   sync.WaitGroup

	mu    sync.Mutex // guards what follows, for one look or one write
	about []byte     // the case
	since time.Time
	heard []time.Duration
	all   chan struct{} // closed when everybody has heard
}

// grow opens n more streams of an agent.
func (a *audience) grow(ctx context.Context, jane *agent.Agent, n int) error {
	for range n {
		body, err := jane.Stream(ctx)
		if err != nil {
			return err
		}
		a.open = append(a.open, body)
		a.wg.Go(func() { a.listen(body) })
	}
	return nil
}

func (a *audience) close() {
	for _, body := range a.open {
		body.Close()
	}
	a.wg.Wait()
}

func (a *audience) listen(body io.Reader) {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 512), 8<<20)
	for lines.Scan() {
		if line := lines.Bytes(); bytes.HasPrefix(line, []byte("data: ")) {
			a.hear(line, time.Now())
		}
	}
}

func (a *audience) hear(line []byte, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil || !bytes.Contains(line, a.about) {
		return
	}
	if a.heard = append(a.heard, now.Sub(a.since)); len(a.heard) == len(a.open) {
		close(a.all)
		a.all = nil
	}
}

// fanPatience is how long the last stream may take to hear of something.
const fanPatience = 10 * time.Second

// round does something about a case, and returns when each stream heard of it.
func (a *audience) round(ctx context.Context, id string, do func() error) ([]time.Duration, error) {
	all := make(chan struct{})
	a.mu.Lock()
	a.about, a.since, a.heard, a.all = []byte(`"`+id+`"`), time.Now(), make([]time.Duration, 0, len(a.open)), all
	a.mu.Unlock()
	if err := do(); err != nil {
		return nil, err
	}
	late := time.NewTimer(fanPatience)
	defer late.Stop()
	select {
	case <-all:
	case <-late.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = nil
	return a.heard, nil
}

// measureStreams connects as many agents as one server is meant for and tells
// them of messages, and of changes of the queue.
func (b *bench) measureStreams(ctx context.Context, r *report) (err error) {
	rounds := min(20*b.opt.Runs, b.opt.Chats/2)
	if err := b.haveWait(ctx, rounds); err != nil {
		return err
	}
	c, err := b.start(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := settle(ctx, c); err != nil {
		return err
	}
	jane, err := agent.SignIn(ctx, c.url, benchEmail, benchPassword)
	if err != nil {
		return err
	}
	a := &audience{}
	defer a.close()
	if err := a.assemble(ctx, c, jane, r); err != nil {
		return err
	}
	events := newSender(c.url, benchSecret, time.Now())
	for _, act := range []struct {
		what  string
		first int // of the cases that it is about
		do    func(i int) error
	}{
		{"a message", rounds, func(i int) error { return events.post(ctx, benchTeam, channelOf(i)) }},
		{"a change of the queue", 0, func(i int) error { return jane.Join(ctx, string(numberOf(i))) }},
	} {
		f, err := a.fan(ctx, c, rounds, func(i int) string { return string(caseOf(act.first + i)) }, func(i int) error { return act.do(act.first + i) })
		if err != nil {
			return err
		}
		r.fan(act.what, f)
	}
	return nil
}

// haveWait has people wait on the first cases.
func (b *bench) haveWait(ctx context.Context, n int) error {
	db, err := openBulk(ctx, b.storeURL())
	if err != nil {
		return err
	}
	return errors.Join(db.change(ctx, 0, n, 0, waitCases), db.close())
}

// assemble connects as many streams as there are agents, and says what they take.
func (a *audience) assemble(ctx context.Context, c *child, jane *agent.Agent, r *report) error {
	before, err := c.resident()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := a.grow(ctx, jane, agentsOnNode); err != nil {
		return err
	}
	connected := time.Since(began)
	pause(ctx, 2*time.Second)
	held, err := c.resident()
	if err != nil {
		return err
	}
	idle, err := idleCost(ctx, c)
	if err != nil {
		return err
	}
	r.line(fmt.Sprintf("%d streams connected", agentsOnNode), millis(connected), target{}, "one after the other, by one client")
	r.line("resident memory with them", fmt.Sprintf("%.1f MB", float64(held)/1e6), target{}, fmt.Sprintf("%.1f MB before; of one, see the part memory", float64(before)/1e6))
	r.line("processor time while nothing happens", fmt.Sprintf("%.1f %% of a core", 100*idle), target{}, "")
	return nil
}

// idleCost is the share of a core that the server takes while nothing happens.
func idleCost(ctx context.Context, c *child) (float64, error) {
	const d = 5 * time.Second
	before, err := c.cpu()
	if err != nil {
		return 0, err
	}
	pause(ctx, d)
	after, err := c.cpu()
	return (after - before).Seconds() / d.Seconds(), err
}

// fan does something so many times, one after the other.
func (a *audience) fan(ctx context.Context, c *child, rounds int, about func(int) string, do func(int) error) (f fan, err error) {
	before, err := c.cpu()
	if err != nil {
		return f, err
	}
	for i := range rounds {
		heard, err := a.round(ctx, about(i), func() error { return do(i) })
		if err != nil {
			return f, err
		}
		f.missed += len(a.open) - len(heard)
		if s := spreadOf(heard); len(heard) > 0 {
			f.half, f.most, f.last = append(f.half, s.p50), append(f.most, s.p99), append(f.last, heard[len(heard)-1])
		}
	}
	after, err := c.cpu()
	if rounds > 0 {
		f.cpu = (after - before) / time.Duration(rounds)
	}
	return f, err
}

func (r *report) fan(what string, f fan) {
	beside := fmt.Sprintf("last stream %.1f ms; %.1f ms of the server’s processor time", inMillis(medianDuration(f.last)), inMillis(f.cpu))
	if f.missed > 0 {
		beside += fmt.Sprintf("; %d never told", f.missed)
	}
	half, most := medianDuration(f.half), medianDuration(f.most)
	t := target{"≤ 1 s", inMillis(most) <= 1000 && f.missed == 0}
	r.line(fmt.Sprintf("%s → %d streams, p50 / p99", what, agentsOnNode), fmt.Sprintf("%.1f / %.1f ms", inMillis(half), inMillis(most)), t, beside)
}
