package dispatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
)

// A reader reads who waits and who answers.
type reader interface {
	Waiting(ctx context.Context, limit int) ([]desk.Case, error)
	LongestWaiting(ctx context.Context, limit int) ([]desk.Case, error)
	RecentWaits(ctx context.Context, limit int) ([]time.Duration, error)
	Agents(ctx context.Context) ([]desk.Agent, error)
	Teams(ctx context.Context) ([]roster.Team, error)
	Seats(ctx context.Context) ([]roster.Seat, error)
	Loads(ctx context.Context) ([]store.Load, error)
	Devices(ctx context.Context, since time.Time) ([]roster.Device, error)
}

// A Board is who waits, in the order in which they are served, and why.
type Board struct {
	At      time.Time
	Waiting []desk.Case
	Plan    []routing.Decision // of each
	floor   routing.Floor
	rules   routing.Rules
	usual   time.Duration
}

// Why returns why a chat has no agent; of one that is not on the board, nothing.
func (b Board) Why(id desk.CaseID) routing.Reason {
	for _, d := range b.Plan {
		if d.Case == id {
			return d.Why
		}
	}
	return routing.Reason{}
}

// Next returns the waiting chats that an agent may take, the one to take first
// before others: those that are offered to them, then those for which they have
// the skills, then the others; those that are offered to colleagues come last.
func (b Board) Next(id desk.AgentID) []desk.Case {
	skills := b.seat(id).Skills
	rank := func(c *desk.Case) int {
		switch o := c.Chat.Offer; {
		case c.Chat.Offered(id, b.At):
			return 0
		case o.Agent != "" && o.Agent != id:
			return 3
		case skills.Covers(c):
			return 1
		}
		return 2
	}
	next := slices.Clone(b.Waiting)
	slices.SortStableFunc(next, func(x, y desk.Case) int { return rank(&x) - rank(&y) })
	return next
}

// most is how many chats are planned for at once: so many of the most severe, and
// so many of those who have waited longest. The others are behind them.
const most = 300

// recentWaits is how many waits say how long one usually waits.
const recentWaits = 20

// Look returns the board as it stands at a time.
func Look(ctx context.Context, read reader, rules routing.Rules, now time.Time) (Board, error) {
	b := Board{At: now, rules: rules}
	waiting, err := waits(ctx, read)
	if err != nil {
		return b, fmt.Errorf("read who waits: %w", err)
	}
	if b.floor, err = floor(ctx, read, now); err != nil {
		return b, fmt.Errorf("read who answers: %w", err)
	}
	recent, err := read.RecentWaits(ctx, recentWaits)
	if err != nil {
		return b, fmt.Errorf("read the last waits: %w", err)
	}
	b.usual = routing.UsualWait(recent)
	b.Waiting, b.Plan = rules.Order(waiting, now), rules.Plan(b.floor, waiting, now)
	return b, nil
}

// waits returns the chats that may be served next.
func waits(ctx context.Context, read reader) ([]desk.Case, error) {
	waiting, err := read.Waiting(ctx, most)
	if err != nil || len(waiting) < most {
		return waiting, err
	}
	longest, err := read.LongestWaiting(ctx, most)
	have := make(map[desk.CaseID]bool, len(waiting))
	for _, c := range waiting {
		have[c.ID] = true
	}
	return append(waiting, slices.DeleteFunc(longest, func(c desk.Case) bool { return have[c.ID] })...), err
}

// floor returns everybody who may answer, as they stand.
func floor(ctx context.Context, read reader, now time.Time) (f routing.Floor, err error) {
	agents, err := read.Agents(ctx)
	if err != nil {
		return f, err
	}
	if f.Teams, err = read.Teams(ctx); err != nil {
		return f, err
	}
	seats, err := read.Seats(ctx)
	if err != nil {
		return f, err
	}
	loads, err := read.Loads(ctx)
	if err != nil {
		return f, err
	}
	devices, err := read.Devices(ctx, now.Add(-roster.OfflineAfter))
	if err != nil {
		return f, err
	}
	for _, a := range agents {
		if !rights.May(a, rights.Answer) {
			continue
		}
		one := routing.Agent{ID: a.ID, Name: a.Name, Presence: roster.There(a, now), Attentive: roster.Attentive(devices, a.ID, now), Seat: roster.SeatOf(seats, a.ID)}
		if i := slices.IndexFunc(loads, func(l store.Load) bool { return l.Agent == a.ID }); i >= 0 {
			one.Load, one.Asked, one.Last = loads[i].Chats+loads[i].Offers, loads[i].Offers > 0, loads[i].Last
		}
		f.Agents = append(f.Agents, one)
	}
	return f, nil
}

// Tell has the card of a case that has just come to the queue say its turn. The
// board may be behind by then, so it is not relied on.
func (b Board) Tell(c *desk.Case, now time.Time) {
	waiting := append(slices.DeleteFunc(slices.Clone(b.Waiting), func(other desk.Case) bool { return other.ID == c.ID }), *c)
	for i, d := range b.rules.Plan(b.floor, waiting, now) {
		if d.Case == c.ID && i < desk.Queued {
			c.TellTurn(b.turn(i, d.Why, now.Sub(c.Chat.Since())), now)
		}
	}
}

// turn is what the card of the chat at a place of the queue says that has waited for
// so long. What is usual is said in whole minutes, so a wait is longer by minutes, too.
func (b Board) turn(i int, why routing.Reason, waited time.Duration) desk.Turn {
	t := foreseen(why)
	t.Position, t.Usual, t.Longer = i+1, b.usual, b.usual > 0 && waited.Truncate(time.Minute) > b.usual
	return t
}

// foreseen is whether nobody is there, and until when.
func foreseen(why routing.Reason) desk.Turn {
	t := desk.Turn{Nobody: why.Nobody()}
	if why.Kind == routing.Closed {
		t.Back, t.Zone = why.Until, why.Zone
	}
	return t
}
