package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A sender posts signed message events, as Slack does, over kept-alive
// connections.
type sender struct {
	secret string
	links  *links
	sent   atomic.Int64
	clock  atomic.Int64 // microseconds; the timestamps of the messages, ever growing
}

// newSender returns a sender of events to a server, by its URL.
func newSender(server, secret string, start time.Time) *sender {
	s := &sender{secret: secret, links: newLinks(strings.TrimPrefix(server, "http://"))}
	s.clock.Store(start.UnixMicro())
	return s
}

const eventBody = `{"token":"x","team_id":"%[1]s","api_app_id":"A0BENCH","event":{"client_msg_id":"f0582a78-%[4]d","type":"message",` +
	`"text":"the build is stuck again, step %[4]d of it, see the log","user":"U0ALICE","ts":"%[3]s","team":"%[1]s",` +
	`"blocks":[{"type":"rich_text","block_id":"Sesm","elements":[{"type":"rich_text_section","elements":[` +
	`{"type":"text","text":"the build is stuck again, step %[4]d of it, see the log"}]}]}],` +
	`"channel":"%[2]s","event_ts":"%[3]s","channel_type":"group"},"type":"event_callback","event_id":"Ev%[4]d","event_time":%[5]d,` +
	`"authorizations":[{"enterprise_id":null,"team_id":"%[1]s","user_id":"U0BOT","is_bot":true,"is_enterprise_install":false}],` +
	`"is_ext_shared_channel":false,"event_context":"1-message-%[1]s-%[2]s"}`

// post sends one message event of the channel and reads the whole answer.
func (s *sender) post(ctx context.Context, team, channel string) error {
	s.sent.Add(1)
	micros := s.clock.Add(1) // names the event too: unique over all senders of a run, for time goes on
	ts := fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6)
	now := time.Now().Unix()
	body := fmt.Appendf(nil, eventBody, team, channel, ts, micros, now)
	stamp := strconv.FormatInt(now, 10)
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	return s.links.post(ctx, func(w io.Writer) {
		fmt.Fprintf(w, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nX-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%x\r\n",
			eventsPath, s.links.addr, stamp, mac.Sum(nil))
	}, body)
}

// flood posts from the given number of senders at once for d, over the
// channels in turn, and returns events per second.
func (s *sender) flood(ctx context.Context, team string, channels []string, senders int, d time.Duration) (float64, error) {
	start := time.Now()
	sent, err := s.together(ctx, team, channels, senders, func(int) bool { return time.Since(start) < d })
	return float64(sent) / time.Since(start).Seconds(), err
}

// postMany posts about so many events, over the channels in turn.
func (s *sender) postMany(ctx context.Context, team string, channels []string, senders, events int) error {
	_, err := s.together(ctx, team, channels, senders, func(n int) bool { return n < events })
	return err
}

// together posts from several senders at once while more says so of the
// number of the next event.
func (s *sender) together(ctx context.Context, team string, channels []string, senders int, more func(n int) bool) (sent int64, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var done atomic.Int64
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for n := i; more(n) && ctx.Err() == nil; n += senders {
				if err := s.post(ctx, team, channels[n%len(channels)]); err != nil {
					cancel(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return 0, fmt.Errorf("post events: %w", err)
	}
	return done.Load(), nil
}

// drip posts rate events per second for d, each at its own time whatever the
// answers take. It calls sent with when each was due, and returns how long the
// answers took.
func (s *sender) drip(ctx context.Context, team string, channels []string, rate float64, d time.Duration, sent func(channel string, due time.Time)) (spread, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	var mu sync.Mutex // guards waits
	var waits []time.Duration
	start := time.Now()
	gap := time.Duration(float64(time.Second) / rate)
	for n := 0; ; n++ {
		due := start.Add(time.Duration(n) * gap)
		if due.Sub(start) >= d || ctx.Err() != nil {
			break
		}
		if wait := time.Until(due); wait > 0 {
			t := time.NewTimer(wait)
			select {
			case <-t.C:
			case <-ctx.Done():
			}
			t.Stop()
		}
		channel := channels[n%len(channels)]
		began := time.Now()
		sent(channel, began)
		wg.Go(func() {
			if err := s.post(ctx, team, channel); err != nil {
				cancel(err)
			}
			took := time.Since(began)
			mu.Lock()
			defer mu.Unlock()
			waits = append(waits, took)
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return spread{}, fmt.Errorf("post events: %w", err)
	}
	return spreadOf(waits), nil
}

// A spread is what a number of waits came to.
type spread struct{ p50, p99 time.Duration }

func spreadOf(waits []time.Duration) spread {
	if len(waits) == 0 {
		return spread{}
	}
	slices.Sort(waits)
	return spread{waits[len(waits)/2], waits[min(len(waits)-1, len(waits)*99/100)]}
}

func (s spread) String() string {
	return fmt.Sprintf("%.1f / %.1f ms", inMillis(s.p50), inMillis(s.p99))
}

// middle has the medians of the spreads of several runs.
func middle(all []spread) spread {
	var half, most []time.Duration
	for _, s := range all {
		half, most = append(half, s.p50), append(most, s.p99)
	}
	return spread{medianDuration(half), medianDuration(most)}
}

func median(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	xs = slices.Clone(xs)
	slices.Sort(xs)
	return xs[len(xs)/2]
}

func medianDuration(ds []time.Duration) time.Duration {
	if len(ds) == 0 {
		return 0
	}
	ds = slices.Clone(ds)
	slices.Sort(ds)
	return ds[len(ds)/2]
}
