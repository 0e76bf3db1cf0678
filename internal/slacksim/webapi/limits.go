package webapi

import (
	"sync"
	"time"

	"caseline/internal/slacksim/clock"
)

// perMinute is how many calls a minute Slack grants a tier.
func perMinute(tier int) int {
	switch tier {
	case 1:
		return 1
	case 2:
		return 20
	case 3:
		return 50
	}
	return 100
}

// limits counts calls.
type limits struct {
	clock clock.Clock
	few   bool

	mu     sync.Mutex // guards all below, for a few instructions
	burst  int        // of posts per channel; 0 is no limit
	tiers  bool
	recent map[string][]time.Time // calls of the last minute, by app, workspace and method
	full   map[string]time.Time   // by channel: when its bucket of posts is full again
}

func newLimits(c clock.Clock, o Options) *limits {
	return &limits{
		clock: c, few: o.Few, burst: o.PostsPerChannel, tiers: o.Tiers,
		recent: map[string][]time.Time{}, full: map[string]time.Time{},
	}
}

func (l *limits) set(burst int, tiers bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.burst, l.tiers = burst, tiers
}

func (l *limits) tiersOn() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tiers
}

func (l *limits) burstNow() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.burst
}

// take counts one call or refuses it.
func (l *limits) take(c *call, m method, channel string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	if l.burst > 0 && channel != "" {
		full := l.full[channel]
		if full.Before(now) {
			full = now
		}
		// A bucket of burst posts that gains one a second.
		if over := full.Add(time.Second).Sub(now) - time.Duration(l.burst)*time.Second; over > 0 {
			return tooFast{ceilSeconds(over)}
		}
		l.full[channel] = full.Add(time.Second)
	}
	most := 0
	if l.tiers && m.tier > 0 {
		most = perMinute(m.tier)
	}
	if l.few && (c.name == "conversations.history" || c.name == "conversations.replies") {
		most = 1
	}
	if most == 0 {
		return nil
	}
	key := c.in.App + "/" + c.in.Workspace + "/" + c.name
	calls := l.recent[key]
	for len(calls) > 0 && now.Sub(calls[0]) >= time.Minute {
		calls = calls[1:]
	}
	if len(calls) >= most {
		l.recent[key] = calls
		return tooFast{ceilSeconds(calls[0].Add(time.Minute).Sub(now))}
	}
	l.recent[key] = append(calls, now)
	return nil
}

func ceilSeconds(d time.Duration) int {
	return max(1, int((d+time.Second-1)/time.Second))
}
