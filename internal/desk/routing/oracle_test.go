package routing_test

import (
	"slices"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/routing"
)

// What follows says what the plan of a world has to be, by the words of the
// specification and of ADR 16 and by nothing of package routing's: one chat after the
// other in the order in which they are served, each given to whoever is right for it
// of those who are left, or its reason.

// inOrder returns who waits in the order in which they are to be served.
func (w *world) inOrder() (ids []desk.CaseID) {
	left := slices.Clone(w.waiting)
	for len(left) > 0 {
		next := 0
		for i := range left {
			if w.goesBefore(&left[i], &left[next]) {
				next = i
			}
		}
		ids, left = append(ids, left[next].ID), slices.Delete(left, next, next+1)
	}
	return ids
}

// goesBefore reports whether a is to be served before b: who came back for the first
// time, then who has risen most, then who is there longest.
func (w *world) goesBefore(a, b *desk.Case) bool {
	backA, backB := a.Chat.Returned && a.Chat.Returns == 1, b.Chat.Returned && b.Chat.Returns == 1
	sinceA, sinceB := sinceWhen(a), sinceWhen(b)
	switch {
	case backA != backB:
		return backA
	case w.risen(a) != w.risen(b):
		return w.risen(a) > w.risen(b)
	case !sinceA.Equal(sinceB):
		return sinceA.Before(sinceB)
	}
	return a.ID < b.ID
}

// sinceWhen is since when a chat counts as waiting: one that came back twice, since
// it did.
func sinceWhen(c *desk.Case) time.Time {
	if c.Chat.Returned && c.Chat.Returns > 1 {
		return c.Chat.TurnedAt
	}
	return c.Chat.RequestedAt
}

var bySeverity = []desk.Severity{desk.SeverityLow, desk.SeverityNormal, desk.SeverityHigh, desk.SeverityUrgent, desk.SeverityCritical}

// risen is how far a chat stands above the least severe: one step more for each of the
// equal parts of its target that it has waited.
func (w *world) risen(c *desk.Case) int {
	at, top := slices.Index(bySeverity, c.Severity), len(bySeverity)-1
	if c.Chat.Returned && c.Chat.Returns > 1 {
		return top
	}
	waited, target := w.now.Sub(c.Chat.RequestedAt), targets[c.Severity]
	for parts, part := top-at, 1; part <= parts; part++ {
		if waited*time.Duration(parts) >= target*time.Duration(part) {
			at++
		}
	}
	if at == top && waited < target && c.Severity != desk.SeverityCritical {
		w.fail("%s is at the top before its target", c.ID)
	}
	return at
}

// among reports whether a list of codes has one; an empty list has all, and no code
// needs none.
func among(codes []string, code string) bool {
	return code == "" || len(codes) == 0 || strings.Contains(" "+strings.Join(codes, " ")+" ", " "+code+" ")
}

func can(s roster.Skills, c *desk.Case) bool {
	return among(s.Services, c.Service) && among(s.Categories, c.Category) && among(s.Languages, c.Language)
}

// of reports whether a chat may be an agent's by the teams that are there, and
// whether any is.
func (w *world) of(c *desk.Case, id desk.AgentID) (mine, open bool) {
	teams := slices.DeleteFunc(slices.Clone(w.teams), func(t roster.Team) bool { return !can(t.Skills, c) })
	if len(teams) == 0 {
		everybody := w.there(roster.Team{}, c)
		return everybody, everybody
	}
	for _, t := range teams {
		if w.there(t, c) {
			open, mine = true, mine || slices.Contains(t.Members, id)
		}
	}
	return mine, open
}

// there reports whether a team is there, by its own hours or the catalogue's.
func (w *world) there(t roster.Team, c *desk.Case) bool {
	hours := t.Hours
	if hours.Zone == nil {
		hours, _ = w.rules.Hours("", c.Language)
	}
	open, _ := hours.Next(w.now)
	return open
}

// asked reports whether an agent has an offer to answer.
func (w *world) asked(id desk.AgentID) bool {
	return slices.ContainsFunc(w.waiting, func(c desk.Case) bool { return c.Chat.Offer.Agent == id })
}

// passedAt is when an agent passed a chat last; zero for never.
func passedAt(c *desk.Case, id desk.AgentID) (at time.Time) {
	for _, p := range c.Chat.Passed {
		if p.Agent == id && p.At.After(at) {
			at = p.At
		}
	}
	return at
}

// rightFor returns who could be asked about a chat now, or why there is nobody.
func (w *world) rightFor(c *desk.Case) ([]*worker, routing.Kind) {
	if _, open := w.of(c, ""); !open {
		return nil, routing.Closed
	}
	mine := slices.DeleteFunc(slices.Clone(w.agents), func(a *worker) bool { is, _ := w.of(c, a.ID); return !is })
	for _, need := range []struct {
		without routing.Kind
		has     func(a *worker) bool
	}{
		{routing.NoLanguage, func(a *worker) bool { return among(a.Seat.Skills.Languages, c.Language) }},
		{routing.NoSkill, func(a *worker) bool { return can(a.Seat.Skills, c) }},
		{routing.NobodyHere, func(a *worker) bool { return a.Presence == desk.Online }},
		{routing.Full, func(a *worker) bool { return w.asked(a.ID) || w.load(a.ID) < a.Seat.Holds() }},
		{routing.Asked, func(a *worker) bool { return !w.asked(a.ID) }},
		{routing.AllPassed, func(a *worker) bool { return w.now.Sub(passedAt(c, a.ID)) >= w.rules.AskAgain }},
	} {
		mine = slices.DeleteFunc(mine, func(a *worker) bool { return !need.has(a) })
		if len(mine) == 0 {
			return nil, need.without
		}
	}
	return mine, routing.Offered
}

// better reports whether a is to be asked about a chat rather than b.
func (w *world) better(c *desk.Case, a, b *worker) bool {
	share := func(a *worker) float64 { return float64(w.load(a.ID)) / float64(a.Seat.Holds()) }
	passedA, passedB := passedAt(c, a.ID), passedAt(c, b.ID)
	knownA, knownB := c.Chat.Before == a.ID, c.Chat.Before == b.ID
	switch {
	case !passedA.Equal(passedB):
		return passedA.Before(passedB) // who never did, before all others
	case a.Attentive != b.Attentive:
		return a.Attentive
	case knownA != knownB:
		return knownA
	case share(a) != share(b):
		return share(a) < share(b)
	case !a.Last.Equal(b.Last):
		return a.Last.Before(b.Last)
	}
	return a.ID < b.ID
}

// whom is who is to be asked of those who could be.
func (w *world) whom(c *desk.Case, right []*worker) *worker {
	best := right[0]
	for _, a := range right[1:] {
		if w.better(c, a, best) {
			best = a
		}
	}
	return best
}
