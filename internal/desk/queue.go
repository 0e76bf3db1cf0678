package desk

import "time"

// A Turn is what a waiting chat's card says about the queue.
type Turn struct {
	Position int           // 1 is next; 0 says nothing
	Usual    time.Duration // how long the wait usually is; 0 when too little is known
	Longer   bool          // it has waited longer than that already
	Nobody   bool          // nobody is there who could take the chat
	Back     time.Time     // when somebody is there again, by the clock of Zone; zero when nobody knows
	Zone     string        // of the hours
	ToldAt   time.Time
}

// said is what a card says whose change is worth an update: the usual wait alone
// is not.
func (t Turn) said() Turn {
	return Turn{Position: t.Position, Longer: t.Longer, Nobody: t.Nobody, Back: t.Back, Zone: t.Zone}
}

// leaveQueue forgets what is about a waiting chat.
func (s *ChatSession) leaveQueue() { s.Turn, s.Offer, s.Passed = Turn{}, Offer{}, nil }

// Queued is how many waiting chats know their turn. Those behind them do not
// want to.
const Queued = 50

// TellEvery is how often at most a waiting chat's card is changed to tell its
// turn.
const TellEvery = 30 * time.Second

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

// TellTurn notes what the card is to say about the queue. changed is false when
// it says so already, was changed only now, or nobody waits.
func (c *Case) TellTurn(t Turn, now time.Time) (changed bool) {
	s := &c.Chat
	if s.State != ChatRequested || s.Turn.said() == t.said() || now.Sub(s.Turn.ToldAt) < TellEvery {
		return false
	}
	t.ToldAt = now
	s.Turn = t
	c.Touch(now)
	return true
}
