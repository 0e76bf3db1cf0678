package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"caseline/internal/app/agent"
)

// streams are agents' live streams. The first is listened to with a clock,
// the others only read.
type streams struct {
	jane  *agent.Agent
	open  []io.ReadCloser
	wg    sync.WaitGroup
	mu    sync.Mutex           // guards what follows, for one look or one write
	due   map[string]time.Time // by case, when the oldest event not yet seen was sent
	waits []time.Duration
}

// connect signs Jane in and opens n live streams.
func (b *bench) connect(ctx context.Context, c *child, n int) (*streams, error) {
	jane, err := agent.SignIn(ctx, c.url, benchEmail, benchPassword)
	if err != nil {
		return nil, err
	}
	s := &streams{jane: jane, due: map[string]time.Time{}}
	for i := range n {
		body, err := jane.Stream(ctx)
		if err != nil {
			s.close()
			return nil, err
		}
		s.open = append(s.open, body)
		if i == 0 {
			s.wg.Go(func() { s.listen(body) })
		} else {
			s.wg.Go(func() { _, _ = io.Copy(io.Discard, body) }) // ends when it is closed
		}
	}
	return s, nil
}

func (s *streams) close() {
	for _, body := range s.open {
		body.Close()
	}
	s.wg.Wait()
}

// listen notes when the stream speaks of a case that something was sent to.
func (s *streams) listen(body io.Reader) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		now := time.Now()
		var news struct {
			Cases []struct {
				Case string `json:"case"`
			} `json:"cases"`
		}
		if err := json.Unmarshal([]byte(data), &news); err != nil {
			continue
		}
		s.mu.Lock()
		for _, c := range news.Cases {
			if due, ok := s.due[c.Case]; ok {
				s.waits = append(s.waits, now.Sub(due))
				delete(s.due, c.Case)
			}
		}
		s.mu.Unlock()
	}
}

func (s *streams) sent(id string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, waiting := s.due[id]; !waiting {
		s.due[id] = at
	}
}

// take returns the waits noted since the last call, once everything sent has
// been seen or patience is over.
func (s *streams) take(ctx context.Context) (waits []time.Duration, missed int) {
	for range 200 {
		s.mu.Lock()
		left := len(s.due)
		s.mu.Unlock()
		if left == 0 {
			break
		}
		pause(ctx, 10*time.Millisecond)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	waits, missed = s.waits, len(s.due)
	s.waits, s.due = nil, map[string]time.Time{}
	return waits, missed
}

// measureLatency drips events at several rates and times the agent's stream,
// then times agents' replies to the call of Slack.
func (b *bench) measureLatency(ctx context.Context, r *report) error {
	c, err := b.start(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := settle(ctx, c); err != nil {
		return err
	}
	s, err := b.connect(ctx, c, b.opt.Streams)
	if err != nil {
		return err
	}
	defer s.close()
	events := newSender(c.url, benchSecret, time.Now())
	index := map[string]string{}
	for i, ch := range b.channels {
		index[ch] = string(caseOf(i))
	}
	var floods []float64
	for range b.opt.Runs {
		rate, err := events.flood(ctx, benchTeam, b.channels, 64, b.opt.Each)
		if err != nil {
			return err
		}
		floods = append(floods, rate)
		s.take(ctx)
	}
	most := median(floods)
	beside, err := b.startBare(ctx)
	if err != nil {
		return err
	}
	defer beside.stop()
	bare := newSender(beside.url, benchSecret, time.Now())
	for _, at := range []struct{ rate, p50, p99 float64 }{{50, 2, 12}, {500, 2, 12}, {most / 2, 5, 25}} {
		var spreads, answers, bares []spread
		missed := 0
		for range b.opt.Runs {
			answer, err := events.drip(ctx, benchTeam, b.channels, at.rate, b.opt.Each, func(ch string, when time.Time) { s.sent(index[ch], when) })
			if err != nil {
				return err
			}
			waits, lost := s.take(ctx)
			spreads, answers, missed = append(spreads, spreadOf(waits)), append(answers, answer), missed+lost
			if answer, err = bare.drip(ctx, benchTeam, b.channels, at.rate, b.opt.Each, func(string, time.Time) {}); err != nil {
				return err
			}
			bares = append(bares, answer)
		}
		what := fmt.Sprintf("event → agent's stream at %.0f/s", at.rate)
		if at.rate == most/2 {
			what += ", half of the most"
		}
		r.latency(what, spreads, missed, at.p50, at.p99, fmt.Sprintf("event → answer %s, bare path %s", middle(answers), middle(bares)))
	}
	return b.measureReplies(ctx, s.jane, r)
}

// measureReplies times from the agent's post to Slack's API being called.
func (b *bench) measureReplies(ctx context.Context, jane *agent.Agent, r *report) error {
	var spreads []spread
	missed := 0
	for run := range b.opt.Runs {
		var waits []time.Duration
		until := time.Now().Add(b.opt.Each)
		for n := 0; time.Now().Before(until); n++ {
			i := n % len(b.channels)
			text := fmt.Sprintf("reply %d of run %d", n, run)
			began := time.Now()
			if err := jane.Reply(ctx, string(numberOf(i)), text, text); err != nil {
				return err
			}
			at, ok := b.posted(ctx, text)
			if !ok {
				missed++
				continue
			}
			waits = append(waits, at.Sub(began))
			pause(ctx, 10*time.Millisecond)
		}
		spreads = append(spreads, spreadOf(waits))
	}
	r.latency("reply → Slack called", spreads, missed, 3, 12, "")
	return nil
}

func (b *bench) posted(ctx context.Context, text string) (time.Time, bool) {
	for range 2000 {
		if at, ok := b.stub.when(text); ok {
			return at, true
		}
		pause(ctx, time.Millisecond)
	}
	return time.Time{}, false
}
