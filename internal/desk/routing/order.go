package routing

import (
	"slices"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
)

// Rules say how waiting chats are offered. The zero Rules offer none.
type Rules struct {
	OfferFor time.Duration // how long one agent is asked; 0: chats are only taken by hand
	AskAgain time.Duration // after how long who passed may be asked again; 0 is DefaultAskAgain

	// Target is how soon a case is to be answered; nil: as Severity says.
	Target func(desk.Severity) time.Duration
	// Hours are when somebody is there for cases that no team with hours of its own
	// has, by issue type and language; nil: always.
	Hours func(issueType, language string) (h matters.Hours, always bool)
}

// DefaultAskAgain is after how long somebody who passed may be asked again.
const DefaultAskAgain = 2 * time.Minute

// Urgency is the rank of the severity to which a waiting chat has risen: at its
// target it stands among the most severe, and on the way there it rises in equal
// steps. One that came back more than once is there at once.
func (r Rules) Urgency(c *desk.Case, now time.Time) int {
	rank, most := c.Severity.Rank(), len(desk.Severities())
	if again(c) {
		return most
	}
	waited, target := now.Sub(c.Chat.RequestedAt), r.target(c.Severity)
	if waited <= 0 || target <= 0 {
		return rank
	}
	return rank + int(time.Duration(most-rank)*min(waited, target)/target)
}

func (r Rules) target(s desk.Severity) time.Duration {
	if r.Target == nil {
		return s.FirstResponse()
	}
	return r.Target(s)
}

// Order returns waiting chats in the order in which they are served.
func (r Rules) Order(waiting []desk.Case, now time.Time) []desk.Case {
	sorted := slices.Clone(waiting)
	slices.SortFunc(sorted, func(a, b desk.Case) int { return r.compare(&a, &b, now) })
	return sorted
}

// compare is negative when a is served before b.
func (r Rules) compare(a, b *desk.Case, now time.Time) int {
	if n := order(!first(a), !first(b)); n != 0 {
		return n
	}
	if n := r.Urgency(b, now) - r.Urgency(a, now); n != 0 {
		return n
	}
	if n := since(a).Compare(since(b)); n != 0 {
		return n
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

// first reports whether a chat is at the front of the queue: it came back, and for the
// first time.
func first(c *desk.Case) bool { return c.Chat.Returned && c.Chat.Returns <= 1 }

// again reports whether a chat came back more than once. Were such ones at the front
// too, a few that nobody stays with would have all others wait for ever.
func again(c *desk.Case) bool { return c.Chat.Returned && c.Chat.Returns > 1 }

// since is since when a chat waits, for the order.
func since(c *desk.Case) time.Time {
	if again(c) {
		return c.Chat.TurnedAt
	}
	return c.Chat.RequestedAt
}
