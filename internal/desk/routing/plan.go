package routing

import (
	"cmp"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// An Agent is somebody to whom chats may be offered.
type Agent struct {
	ID       desk.AgentID
	Name     string
	Presence desk.Presence // as roster.There has it
	Seat     roster.Seat
	Load     int       // chats in progress, and offers
	Asked    bool      // they have an offer to answer, so they get no other meanwhile
	Last     time.Time // when they last got a chat or were offered one

	Attentive bool // somebody is at a device of theirs; others are asked after those
}

// here reports whether the agent takes chats now.
func (a *Agent) here() bool { return a.Presence == desk.Online }

// holds reports whether the agent takes one more chat, were it not for an offer that
// they have to answer.
func (a *Agent) holds() bool { return a.Asked || a.Load < a.Seat.Holds() }

// room reports whether one more chat may be offered to the agent.
func (a *Agent) room() bool { return !a.Asked && a.Load < a.Seat.Holds() }

// A Floor is everybody who answers, and in which teams.
type Floor struct {
	Agents []Agent
	Teams  []roster.Team
}

// A Decision is what becomes of a waiting chat now.
type Decision struct {
	Case   desk.CaseID
	Seen   desk.Offer // as it stood; whoever applies the decision looks whether it still does
	Lapsed bool       // that offer is taken back: its time is over, or its agent has gone
	To     desk.Actor // then it is offered to them until a time; nobody when there is a reason why not
	Until  time.Time
	Why    Reason // of one that is offered now it says so
}

// Plan decides about all waiting chats, in the order in which they are served.
func (r Rules) Plan(f Floor, waiting []desk.Case, now time.Time) []Decision {
	agents := slices.Clone(f.Agents)
	slices.SortFunc(agents, func(a, b Agent) int { return cmp.Compare(a.ID, b.ID) })
	p := plan{Rules: r, teams: f.Teams, agents: agents, now: now}
	sorted := r.Order(waiting, now)
	for i := range sorted {
		p.lapse(&sorted[i])
	}
	decisions := make([]Decision, 0, len(sorted))
	for i := range sorted {
		decisions = append(decisions, p.decide(&sorted[i]))
	}
	return decisions
}

// A plan is being made.
type plan struct {
	Rules
	teams  []roster.Team
	agents []Agent // by id; Load and Last as they are after what is decided
	now    time.Time
	lapsed map[desk.CaseID]bool
}

func (p *plan) agent(id desk.AgentID) *Agent {
	i, found := slices.BinarySearchFunc(p.agents, id, func(a Agent, id desk.AgentID) int { return cmp.Compare(a.ID, id) })
	if !found {
		return nil
	}
	return &p.agents[i]
}

// lapse takes back an offer that stands no longer.
func (p *plan) lapse(c *desk.Case) {
	o := c.Chat.Offer
	if o.Agent == "" {
		return
	}
	a := p.agent(o.Agent)
	if p.OfferFor > 0 && a != nil && a.here() && p.now.Before(o.Until) {
		return
	}
	if p.lapsed == nil {
		p.lapsed = map[desk.CaseID]bool{}
	}
	p.lapsed[c.ID] = true
	if a != nil {
		a.Load--
		a.Asked = false
	}
}

func (p *plan) decide(c *desk.Case) Decision {
	d := Decision{Case: c.ID, Seen: c.Chat.Offer, Lapsed: p.lapsed[c.ID]}
	passed := c.Chat.Passed
	switch o := c.Chat.Offer; {
	case o.Agent == "":
	case !d.Lapsed:
		d.Why = Reason{Kind: Offered, Name: o.Name, Until: o.Until}
		return d
	default:
		passed = append(slices.Clone(passed), desk.Pass{Agent: o.Agent, At: p.now})
	}
	free, why := p.free(c)
	if why == (Reason{}) {
		free, why = p.unasked(free, passed)
	}
	switch {
	case why != Reason{}:
		d.Why = why
	case p.OfferFor <= 0:
		d.Why = Reason{Kind: ByHand}
	default:
		a := p.choose(free, c.Chat.Before, passed)
		a.Load++
		a.Asked, a.Last = true, p.now
		d.To, d.Until = desk.Actor{Side: desk.SideAgent, ID: string(a.ID), Name: a.Name}, p.now.Add(p.OfferFor)
		d.Why = Reason{Kind: Offered, Name: a.Name, Until: d.Until}
	}
	return d
}

// free returns those to whom a chat can be offered, or why there is nobody.
func (p *plan) free(c *desk.Case) ([]*Agent, Reason) {
	all, closed := p.open(c)
	if closed != (Reason{}) {
		return nil, closed
	}
	stages := []struct {
		kind Kind
		can  func(a *Agent) bool
	}{
		{NoLanguage, func(a *Agent) bool { return a.Seat.Skills.Speaks(c) }},
		{NoSkill, func(a *Agent) bool { return a.Seat.Skills.Covers(c) }},
		{NobodyHere, (*Agent).here},
		{Full, (*Agent).holds},
		{Asked, (*Agent).room},
	}
	for _, stage := range stages {
		all = slices.DeleteFunc(all, func(a *Agent) bool { return !stage.can(a) })
		if len(all) == 0 {
			return nil, Reason{Kind: stage.kind}
		}
	}
	return all, Reason{}
}

// open returns those whose matter a chat is at this time, or that it is outside
// of their hours.
func (p *plan) open(c *desk.Case) ([]*Agent, Reason) {
	var mine []roster.Team
	for _, t := range p.teams {
		if t.Skills.Covers(c) {
			mine = append(mine, t)
		}
	}
	if len(mine) == 0 {
		open, why := p.within(roster.Team{}, c)
		if !open {
			return nil, why
		}
		return p.who(func(desk.AgentID) bool { return true }), Reason{}
	}
	var there []roster.Team
	closed := Reason{}
	for _, t := range mine {
		open, why := p.within(t, c)
		switch {
		case open:
			there = append(there, t)
		case closed == (Reason{}), closed.Until.IsZero(), !why.Until.IsZero() && why.Until.Before(closed.Until):
			closed = why
		}
	}
	if len(there) == 0 {
		return nil, closed
	}
	return p.who(func(id desk.AgentID) bool {
		return slices.ContainsFunc(there, func(t roster.Team) bool { return t.Has(id) })
	}), Reason{}
}

// within reports whether a team is there for a chat by its own hours, or by those
// of the catalogue.
func (p *plan) within(t roster.Team, c *desk.Case) (open bool, why Reason) {
	h := t.Hours
	if h.Zone == nil && p.Hours != nil {
		h, _ = p.Hours(c.IssueType, c.Language)
	}
	if h.Zone == nil {
		return true, Reason{}
	}
	open, next := h.Next(p.now)
	return open, Reason{Kind: Closed, Until: next.UTC(), Zone: h.Zone.String()}
}

func (p *plan) who(is func(desk.AgentID) bool) (all []*Agent) {
	for i := range p.agents {
		if is(p.agents[i].ID) {
			all = append(all, &p.agents[i])
		}
	}
	return all
}

// unasked leaves out those who passed a short time ago.
func (p *plan) unasked(free []*Agent, passed []desk.Pass) ([]*Agent, Reason) {
	again := cmp.Or(p.AskAgain, DefaultAskAgain)
	why := Reason{Kind: AllPassed, More: -1}
	left := slices.DeleteFunc(slices.Clone(free), func(a *Agent) bool {
		at, did := passedAt(passed, a.ID)
		if at = at.Add(again); !did || !at.After(p.now) {
			return false
		}
		if why.More++; why.Until.IsZero() || at.Before(why.Until) {
			why.Until, why.Name = at, a.Name
		}
		return true
	})
	if len(left) == 0 {
		return nil, why
	}
	return left, Reason{}
}

func passedAt(passed []desk.Pass, id desk.AgentID) (at time.Time, did bool) {
	for _, p := range passed {
		if p.Agent == id {
			at, did = p.At, true
		}
	}
	return at, did
}

// choose returns whom of those who are free a chat is offered to.
func (p *plan) choose(free []*Agent, known desk.AgentID, passed []desk.Pass) *Agent {
	return slices.MinFunc(free, func(a, b *Agent) int {
		pa, didA := passedAt(passed, a.ID)
		pb, didB := passedAt(passed, b.ID)
		return cmp.Or(
			order(didA, didB), pa.Compare(pb), // who did not pass, then who did first
			order(!a.Attentive, !b.Attentive),   // who looks away, last
			order(b.ID == known, a.ID == known), // whom the customer knows
			cmp.Compare(a.Load*b.Seat.Holds(), b.Load*a.Seat.Holds()),
			a.Last.Compare(b.Last),
			cmp.Compare(a.ID, b.ID),
		)
	})
}

// order has what is false come first.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
