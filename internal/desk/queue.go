package desk

import (
	"slices"
	"time"
)

// A Turn is what a waiting chat's card says about the queue.
type Turn struct {
	Position int           // 1 is next; 0 says nothing
	Usual    time.Duration // how long the wait usually is; 0 when too little is known
	ToldAt   time.Time
}

// Queued is how many waiting chats know their turn. Those behind them do not
// want to.
const Queued = 50

// TellEvery is how often at most a waiting chat's card is changed to tell its
// turn.
const TellEvery = 30 * time.Second

// UsualWait is how long people usually waited, in whole minutes, for a
// sentence: the median of the last waits. It is 0 when too few are known.
func UsualWait(waits []time.Duration) time.Duration {
	if len(waits) < 3 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(waits))
	median := sorted[len(sorted)/2]
	if len(sorted)%2 == 0 {
		median = (median + sorted[len(sorted)/2-1]) / 2
	}
	return max(median.Round(time.Minute), time.Minute)
}

// Before reports whether a waiting case is served before another: those that
// came back first, then the most severe, then who has waited longest.
func (c *Case) Before(other *Case) bool {
	switch {
	case c.Chat.Returned != other.Chat.Returned:
		return c.Chat.Returned
	case c.Severity != other.Severity:
		return c.Severity.Rank() > other.Severity.Rank()
	case !c.Chat.RequestedAt.Equal(other.Chat.RequestedAt):
		return c.Chat.RequestedAt.Before(other.Chat.RequestedAt)
	}
	return c.ID < other.ID
}

// TellTurn notes what the card is to say about the queue. changed is false
// when it says so already, was changed only now, or nobody waits.
func (c *Case) TellTurn(position int, usual time.Duration, now time.Time) (changed bool) {
	s := &c.Chat
	if s.State != ChatRequested || s.Turn.Position == position || now.Sub(s.Turn.ToldAt) < TellEvery {
		return false
	}
	s.Turn = Turn{Position: position, Usual: usual, ToldAt: now}
	c.Touch(now)
	return true
}
